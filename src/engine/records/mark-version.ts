import { holdOn, type Deployment, type History } from '../../domain/deployment.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { bareVersion, parseVersion, sameVersion, type Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { unknownName } from '../../errors/unknown-name.ts'
import type { MarkRequest } from '../engine.ts'
import type { EngineParts } from '../engine-parts.ts'
import { textOf } from '../../operation/operation-parts.ts'
import { readServedVersions } from './served-versions.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'

/**
 * Pins, unpins, holds or frees a version. A mark that is already so changes nothing. A version that is in no entry can be
 * held when a registry serves it, or when the request says that it is unrecorded. @throws TARGET_UNKNOWN
 */
export async function markVersion(parts: EngineParts, request: MarkRequest): Promise<History> {
  const { history } = await parts.history.read()
  const served = needsServed(history, request) ? await readServedVersions(parts, history) : []
  if (editsFor(parts, history, request, served).length === 0) return history
  const note = { run: '', epoch: 0, purpose: `${request.mark} ${request.version}`, actor: parts.actor }
  return (await parts.history.commit((loaded) => editsFor(parts, loaded.history, request, served), note)).history
}

function needsServed(history: History, request: MarkRequest): boolean {
  return request.mark === 'hold' && request.isUnrecorded !== true && entriesOf(history, request.version).length === 0
}

function editsFor(
  { platform, actor }: EngineParts,
  history: History,
  request: MarkRequest,
  served: readonly string[],
): readonly HistoryEdit[] {
  const now = platform.clock.now()
  const hold = holdOn(history, request.version, now)
  switch (request.mark) {
    case 'pin':
      return setPinned(requireEntries(history, request.version), true)
    case 'unpin':
      return setPinned(requireEntries(history, request.version), false)
    case 'unhold':
      if (hold) return [{ kind: 'lift-hold', version: hold.version }]
      requireEntries(history, request.version)
      return []
    case 'hold': {
      const by = textOf(actor, 'user')
      const version = versionToHold(history, request, served)
      return hold ? [] : [{ kind: 'hold', hold: { version, reason: request.reason, by, at: now } }]
    }
  }
}

function versionToHold(
  history: History,
  { version, isUnrecorded = false }: Extract<MarkRequest, { mark: 'hold' | 'unhold' }>,
  served: readonly string[],
): Version {
  const [newest] = entriesOf(history, version)
  if (newest) return newest.version
  const parsed = parseVersion(version)
  if (parsed && (isUnrecorded || served.some((other) => sameVersion(other, version)))) return parsed
  if (!parsed) throw new BagboyError('USAGE', `"${sanitize(version, 80)}" is not a version.`)
  const error = unknownVersion(history, version, served)
  throw new BagboyError(error.code, `${version} is not in the history, and no registry serves it.`, {
    hint: `${error.hint ?? ''} To hold it all the same: bagboy-tui versions hold ${version} --unrecorded --reason TEXT`,
    ...(error.details === undefined ? {} : { details: error.details }),
  })
}

function requireEntries(history: History, version: string): readonly Deployment[] {
  const entries = entriesOf(history, version)
  if (entries.length > 0) return entries
  throw unknownVersion(history, version, [])
}

function unknownVersion(history: History, version: string, served: readonly string[]): BagboyError {
  const recorded = [...history.deployments, ...history.held].map((entry) => entry.version)
  return unknownName({
    code: 'TARGET_UNKNOWN',
    message: `${sanitize(version, 80)} is not in the history.`,
    word: version,
    known: [...recorded, ...served],
    knownAs: 'Versions, all listed by `bagboy-tui versions list`',
    compareAs: bareVersion,
  })
}

function entriesOf(history: History, version: string): readonly Deployment[] {
  return history.deployments.filter((entry) => sameVersion(entry.version, version))
}

function setPinned(entries: readonly Deployment[], pinned: boolean): readonly HistoryEdit[] {
  return entries.filter((entry) => entry.pinned !== pinned).map(({ id }) => ({ kind: 'set-pinned', id, pinned }))
}
