import { own } from '../../domain/text/own.ts'
import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { maskSecrets } from '../../domain/text/mask-secrets.ts'
import { bareVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { createWriteFence } from '../rollback/step/write-fence.ts'
import { passed, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { printedText } from '../../platform/printed-text.ts'

/** Of what it printed; the end says most. */
const SHOWN_CHARACTERS = 1000

/** Brings the version into the slot. A failure says nothing about the version: it is not held for it. */
export async function runDeployCommand(
  { parts, recorder, lock }: DeployContext,
  { words, env: names, timeoutMs }: Extract<DeployStage, { kind: 'command' }>,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const { platform, config } = parts
  const { version, slot, commit } = recorder.view.plan
  const [file = '', ...args] = words
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = own(platform.env, name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  const env = { ...given, BAGBOY_VERSION: bareVersion(version), BAGBOY_SLOT: slot, BAGBOY_COMMIT: commit }
  const mayStart = await createWriteFence({ clock: platform.clock, lock, ttlMs: config.lock.ttlMs })()
  mayStart()
  failpoint('deploy:command')
  try {
    const result = await platform.exec({ file, args, cwd: config.root, env, timeoutMs, leavesRunning: true }, signal)
    const said = maskSecrets(printedText(result, SHOWN_CHARACTERS, platform.secrets), Object.values(given))
    return result.exitCode === 0 ? passed() : failure(`${file} ended with ${result.exitCode}`, said)
  } catch (error) {
    if (signal.aborted || !(error instanceof BagboyError)) throw error
    return failure(error.message, '')
  }
}

function failure(what: string, said: string): StageOutcome {
  const detail = said === '' ? what : `${what}: ${said}`
  const evidence = { kind: 'deploy_command', value: what, detail: said }
  return { result: 'failed', detail: detail.replaceAll(/\s+/gu, ' '), evidence, isVersionBad: false }
}
