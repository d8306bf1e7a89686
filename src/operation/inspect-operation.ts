import type { BagboyError } from '../errors/bagboy-error.ts'
import type { InspectedRun, JournalRecord, JournalStore, RunFolder } from '../journal/journal.ts'
import type { RunOrigin } from '../journal/run-origin.ts'
import { environmentIn } from './environment.ts'

/** An operation as its journal tells it. */
export interface InspectedOperation<View> {
  readonly run: string
  readonly isOpen: boolean
  /** `undefined` for one without a record, or a foreign one whose records make no sense. */
  readonly view: View | undefined
  /** Which one it is about; empty where it cannot be read. */
  readonly environment: string
  readonly origin: RunOrigin
  readonly damage: BagboyError | null
}

type Fold<Event, View> = (view: View | undefined, event: Event) => View | undefined

interface PlannedView {
  readonly plan: { readonly environment: string }
}

export async function inspectOperation<Event extends JournalRecord, View extends PlannedView>(
  journals: JournalStore<Event>,
  { run, isOpen }: RunFolder,
  fold: Fold<Event, View>,
): Promise<InspectedOperation<View>> {
  const inspected = await journals.inspect(run)
  const { origin, damage, planText } = inspected
  const view = foldRecords(inspected, fold)
  return { run, isOpen, view, environment: view?.plan.environment ?? environmentIn(planText), origin, damage }
}

/** The records of a foreign operation can hold anything: when they cannot be folded, it has no view. */
export function foldRecords<Event extends JournalRecord, View>(
  { events, origin }: Pick<InspectedRun<Event>, 'events' | 'origin'>,
  fold: Fold<Event, View>,
): View | undefined {
  try {
    return events.reduce<View | undefined>(fold, undefined)
  } catch (error) {
    if (origin.kind !== 'foreign') throw error
    return undefined
  }
}

export async function openFolders(journals: Pick<JournalStore, 'list'>): Promise<readonly RunFolder[]> {
  return (await journals.list()).filter(({ isOpen }) => isOpen)
}
