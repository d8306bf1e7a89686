import type { Finding } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { checkAttestations, checkChecksums, checkSignatures } from './artifact-findings.ts'
import { checkBinaries, checkPlatforms, checkSchema } from './compatibility-findings.ts'
import { checkDependencies, type PackagerKeysPair } from './dependency-findings.ts'
import { packagerKeysAt } from './packager-keys.ts'
import { findSmokeTests } from './smoke-tests.ts'
import type { FindingDraft, TargetContext } from './target-context.ts'

const SCHEMA_TIMEOUT_MS = 30_000

/** The checks of `rollback.validation` that read or run something, all of them at once. Changes nothing. */
export async function validateTarget(context: TargetContext): Promise<readonly Finding[]> {
  const { config, active, target, subjects } = context
  const { dependencies, compatibility, artifacts } = config.validation
  const [keys, live, smoke, signatures] = await Promise.all([
    readKeys(context),
    readLiveSchema(context),
    findSmokeTests(context),
    checkSignatures(context),
  ])
  const drafts: readonly FindingDraft[] = [
    ...smoke,
    ...(keys ? checkDependencies(dependencies, keys) : []),
    ...checkSchema(compatibility, active, target, live),
    ...checkPlatforms(compatibility.level, subjects),
    ...(keys ? checkBinaries(compatibility.level, keys) : []),
    ...checkChecksums(artifacts.checksums, subjects),
    ...signatures,
    ...checkAttestations(artifacts.attestations),
  ]
  return drafts.map((draft) => ({ ...draft, package: draft.package ?? null }))
}

async function readKeys({
  config,
  active,
  target,
  platform,
  signal,
}: TargetContext): Promise<PackagerKeysPair | undefined> {
  const { dependencies, compatibility } = config.validation
  if (dependencies === 'off' && compatibility.level === 'off') return undefined
  const read = (commit: string) => packagerKeysAt(commit, config, platform, signal)
  const [live, old] = await Promise.all([read(active.commit), read(target.commit)])
  return { from: active.version, to: target.version, live, target: old }
}

/** What the configured command prints, else what was recorded with the live version; `undefined` when neither says. */
async function readLiveSchema({ config, active, platform, signal }: TargetContext): Promise<number | undefined> {
  const { level, schemaWords } = config.validation.compatibility
  if (level === 'off') return undefined
  if (schemaWords === null) return active.schemaVersion
  const [file = '', ...args] = schemaWords
  try {
    const request = { file, args, cwd: config.root, timeoutMs: SCHEMA_TIMEOUT_MS }
    const { exitCode, stdout } = await platform.exec(request, signal)
    const printed = new TextDecoder().decode(stdout).trim()
    return exitCode === 0 && /^\d{1,9}$/u.test(printed) ? Number(printed) : undefined
  } catch (error) {
    // A command that cannot be run leaves it unknown; what follows from that is configured.
    if (signal.aborted || !(error instanceof BagboyError)) throw error
    return undefined
  }
}
