import { holdOn, type Deployment, type History } from '../domain/deployment.ts'
import { sameVersion } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { HistoryEdit } from '../history/history-store.ts'
import type { MarkRequest } from './engine.ts'
import { textOf, type EngineParts } from './engine-parts.ts'

/** Pins, unpins, holds or frees a version. A mark that is already so changes nothing. @throws TARGET_UNKNOWN */
export async function markVersion(parts: EngineParts, request: MarkRequest): Promise<History> {
  const { history } = await parts.history.read()
  if (editsFor(parts, history, request).length === 0) return history
  const note = { run: '', epoch: 0, purpose: `${request.mark} ${request.version}`, actor: parts.actor }
  return (await parts.history.commit((loaded) => editsFor(parts, loaded.history, request), note)).history
}

function editsFor({ platform, actor }: EngineParts, history: History, request: MarkRequest): readonly HistoryEdit[] {
  const entries = history.deployments.filter(({ version }) => sameVersion(version, request.version))
  const [newest] = entries
  if (!newest) {
    throw new BagboyError('TARGET_UNKNOWN', `${request.version} is not in the history.`, {
      hint: 'Versions are listed by: bagboy-tui versions list',
    })
  }
  const now = platform.clock.now()
  const hold = holdOn(history, newest.version, now)
  switch (request.mark) {
    case 'pin':
      return setPinned(entries, true)
    case 'unpin':
      return setPinned(entries, false)
    case 'unhold':
      return hold ? [{ kind: 'lift-hold', version: newest.version }] : []
    case 'hold': {
      const by = textOf(actor, 'user')
      return hold ? [] : [{ kind: 'hold', hold: { version: newest.version, reason: request.reason, by, at: now } }]
    }
  }
}

function setPinned(entries: readonly Deployment[], pinned: boolean): readonly HistoryEdit[] {
  return entries.filter((entry) => entry.pinned !== pinned).map(({ id }) => ({ kind: 'set-pinned', id, pinned }))
}
