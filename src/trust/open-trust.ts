import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'
import { readOrigin, type GitOrigin } from '../git/git-origin.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { BoundTraffic } from '../planner/bind-traffic.ts'
import { TRUST_HINT } from '../platform/not-trusted.ts'
import type { Platform, Trust } from '../platform/platform.ts'
import type { AnyDriver } from '../registries/driver.ts'
import { npmProjectFile } from '../registries/npmrc/npm-project-file.ts'
import { isCheckout, isOwn } from './own-folder.ts'
import { hasPrograms } from './repository-programs.ts'
import { hashParts, lineOf, type TrustPart } from './trust-part.ts'
import { trustParts } from './trust-parts.ts'
import { requireTrusted } from './require-trusted.ts'
import type { TrustControl, TrustReport, TrustSource } from './trust-report.ts'
import { openTrustStore } from './trust-store.ts'

export interface TrustRequest {
  readonly config: Config
  readonly drivers: readonly AnyDriver[]
  readonly traffic: BoundTraffic | null
}

export interface ProjectTrust extends TrustControl {
  /** For the platform that the project gets. */
  readonly port: Trust
  /** For what nothing of the configuration stands for: given by a decision only, not because nothing needs it. */
  readonly chosenPort: Trust
  /** @throws NOT_TRUSTED unless trust is given or not needed; `what` begins the sentence: `The rollback` */
  require(what: string): void
}

/** For build machines: setting it is the decision. */
const VARIABLE = 'BAGBOY_TRUST'

/**
 * What is known of a project's trust now. It holds for what this process has read: a file that is read again later is
 * compared with that.
 */
export async function openTrust(platform: Platform, request: TrustRequest): Promise<ProjectTrust> {
  const { config } = request
  const { files, env, clock } = platform
  const npmrcFile = await npmProjectFile(config.root, files)
  const [npmrc, origin, realFile] = await Promise.all([
    files.read(npmrcFile),
    originOf(platform, config),
    files.realPath(config.file),
  ])
  const file = realFile ?? config.file
  const roots = [config.root, dirname(file)]
  const parts = trustParts({ ...request, roots, npmrc: new TextDecoder().decode(npmrc), origin })
  const hash = hashParts(parts)
  const owner = (await files.stat(dirname(file)))?.owner ?? null
  const store = openTrustStore(platform)
  const recorded = await store.read(file)
  const known = recorded?.owner === owner ? recorded : undefined
  let source: TrustSource | null = env[VARIABLE] === '1' ? 'environment' : known?.hash === hash ? known.source : null

  const isNeeded = await isAnyUsed(parts, request.drivers, platform)
  const report = (): TrustReport => {
    const lines = new Set(known?.lines)
    const isChanged = known !== undefined && known.hash !== hash
    const state = source !== null ? 'trusted' : !isNeeded ? 'unneeded' : isChanged ? 'changed' : 'untrusted'
    const added = state === 'changed' ? parts.filter((part) => !lines.has(lineOf(part))) : []
    return { file, state, source, parts, added, hash }
  }
  const give = async (how: Exclude<TrustSource, 'environment'>): Promise<void> => {
    await store.write({ v: 1, file, owner, hash, lines: parts.map(lineOf), at: clock.now(), source: how })
    source = how
  }
  const isGiven = (): boolean => source !== null || !isNeeded

  const isChosen = (): boolean => source !== null
  const coversFile: Trust['coversFile'] = (path, bytes) =>
    source === 'environment' || basename(path) !== '.npmrc' || digest(bytes) === digest(npmrc ?? new Uint8Array())

  return {
    port: { isGiven, isChosen, coversFile },
    chosenPort: { isGiven: isChosen, isChosen, coversFile },
    require(what) {
      requireTrusted(report(), what)
    },
    trust: () => Promise.resolve(report()),
    async giveTrust(seen) {
      if (seen !== hash) {
        throw new BagboyError('NOT_TRUSTED', 'The project names something else than what was shown.', {
          hint: TRUST_HINT,
        })
      }
      await give('answer')
      return report()
    },
    async trustFirstRecord() {
      if (isGiven() || !(await isNewAndOwn(platform, config))) return false
      await give('first-record')
      return true
    },
  }
}

/** A login that this user does not have leaves for nowhere, and a repository without hooks runs none; everything else counts. */
async function isAnyUsed(
  parts: readonly TrustPart[],
  drivers: readonly AnyDriver[],
  platform: Platform,
): Promise<boolean> {
  const used = parts.map(async (part) => {
    if (part.repository !== undefined) return hasPrograms(part.repository, platform)
    const driver = drivers.find(({ format }) => part.kind === 'login' && format === part.format)
    return driver?.hasLogin === undefined || (await driver.hasLogin(part.where, platform))
  })
  return (await Promise.all(used)).includes(true)
}

function originOf(platform: Platform, { lock, root }: Config): Promise<GitOrigin | undefined> {
  if (lock.git?.remote !== '') return Promise.resolve(undefined)
  return readOrigin(platform, root, new AbortController().signal)
}

/** Nothing was deployed from here yet, and nothing of it came from a remote. */
async function isNewAndOwn(platform: Platform, { root, history }: Config): Promise<boolean> {
  const { files } = platform
  const folders = ['rev', 'runs', 'deploys'].map((name) => files.list(join(root, '.bagboy', name)))
  const isEmpty = (await Promise.all(folders)).every((names) => names.length === 0)
  if (!isEmpty || (await files.stat(history.file)) !== undefined) return false
  return (await isOwn(platform, root)) && !(await isCheckout(platform, root))
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
