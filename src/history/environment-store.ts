import { createHash } from 'node:crypto'
import type { FileHistory, History } from '../domain/deployment.ts'
import { environmentHistory, environmentOf, type EnvironmentScope } from '../domain/environment-history.ts'
import { canonicalJson, type Json } from '../domain/text/json.ts'
import type { HistoryStore } from './history-store.ts'
import type { HistoryEdit } from './history-edit.ts'
import type { LoadedHistory } from './loaded-history.ts'

/** The part of a history file that is about one environment. */
export interface EnvironmentStore extends HistoryStore<History> {
  /** Of every environment, for showing only. @throws as `readIndexed` */
  whole(): Promise<LoadedHistory>
}

/**
 * A history file as one environment sees and changes it: what is read is about this environment, what is written carries
 * its name. `hash` changes with what is read, not with what was written for another environment.
 */
export function environmentStore(store: HistoryStore, scope: EnvironmentScope): EnvironmentStore {
  const scoped = createScoping(scope)
  const named =
    (change: (loaded: LoadedHistory<History>) => readonly HistoryEdit[]) =>
    (loaded: LoadedHistory): readonly HistoryEdit[] =>
      nameEdits(change(scoped(loaded)), scope.environment)
  return {
    ...store,
    read: async () => scoped(await store.read()),
    readIndexed: async () => scoped(await store.readIndexed()),
    whole: () => store.readIndexed(),
    async readRecent(count) {
      const recent = await store.readRecent(count)
      const history = environmentHistory(recent.history, scope)
      const { length } = recent.history.deployments
      // The entries of others may have taken the places of ours.
      const isEnough = history.deployments.length === length || recent.isWhole
      if (isEnough || history.deployments.some((one) => hasStatusIn(recent.history, one.id))) {
        return { ...recent, history }
      }
      const { history: whole, readOnly } = scoped(await store.readIndexed())
      return { history: whole, readOnly, isWhole: true }
    },
    rehearse: (change, note) => store.rehearse(named(change), note),
    async commit(change, note, assertHeld) {
      const { deploymentId, archiveFiles, ...loaded } = await store.commit(named(change), note, assertHeld)
      return Object.assign(scoped(loaded), { deploymentId, ...(archiveFiles ? { archiveFiles } : {}) })
    },
    async archives() {
      const { entries, damaged } = await store.archives()
      const isHere = ({ deployment }: (typeof entries)[number]): boolean =>
        environmentOf(deployment, scope) === scope.environment
      return { entries: entries.filter(isHere), damaged }
    },
  }
}

function hasStatusIn({ deployments }: FileHistory, id: number): boolean {
  return deployments.some((one) => one.id === id && one.status === 'active')
}

/** The same file gives the same object: who remembers what it was made from need not look again. */
function createScoping(scope: EnvironmentScope): (loaded: LoadedHistory) => LoadedHistory<History> {
  let known: { readonly of: FileHistory; readonly history: History } | undefined
  return ({ hash, ...loaded }) => {
    const { history: all } = loaded
    if (known?.of !== all) known = { of: all, history: environmentHistory(all, scope) }
    const { history } = known
    const isShared = history.deployments.length < all.deployments.length || history.held.length < all.held.length
    return {
      ...loaded,
      history,
      get hash() {
        return isShared ? digest(history) : hash
      },
    }
  }
}

function digest(history: History): string {
  return createHash('sha256')
    .update(canonicalJson(history as unknown as Json))
    .digest('hex')
}

/** Nothing that is written for one environment is without its name. */
export function nameEdits(edits: readonly HistoryEdit[], environment: string): readonly HistoryEdit[] {
  return edits.map((edit): HistoryEdit => {
    if (edit.kind === 'insert') return { ...edit, deployment: { ...edit.deployment, environment } }
    if (edit.kind === 'hold') return { ...edit, hold: { ...edit.hold, environment } }
    return edit.kind === 'lift-hold' ? { ...edit, environment } : edit
  })
}
