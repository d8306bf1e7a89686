import { perSlot, sameSplit, SLOTS, splitOf, splitText, type TrafficSplit } from '../domain/traffic/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyTrafficProvider, SlotState, TrafficContext, TrafficProvider, TrafficSnapshot } from './provider.ts'

/** One observation of a provider, and in `seen` what only its own `apply` needs of it. */
export interface Observation<Seen> extends Pick<TrafficSnapshot, 'weights' | 'revision' | 'evidence'> {
  readonly requests?: TrafficSnapshot['requests']
  readonly sessions?: TrafficSnapshot['sessions']
  readonly states?: TrafficSnapshot['states']
  readonly isApplied?: boolean
  readonly access?: TrafficSnapshot['access']
  readonly warnings?: readonly string[]
  /** `false`: the split may be right, and yet a write has something left to do. */
  readonly isComplete?: boolean
  readonly seen: Seen
}

export interface ProviderDefinition<Options, Seen> extends Pick<
  TrafficProvider<Options>,
  'kind' | 'title' | 'options' | 'capabilities' | 'programs' | 'manualCommands' | 'endSessions'
> {
  readonly observe: (context: TrafficContext<Options>) => Promise<Observation<Seen>>
  /** Brings about a split that is not there yet, on what was just seen and nothing else. */
  readonly apply: (split: TrafficSplit, observe: Observation<Seen>, context: TrafficContext<Options>) => Promise<void>
}

/**
 * Makes a provider of an observation and an effect. What all providers have in common happens here: a write observes
 * first, does nothing when there is nothing to do, refuses when something changed since it was read, and refuses to
 * send requests to a slot that takes none.
 */
export function defineProvider<Options, Seen>(definition: ProviderDefinition<Options, Seen>): AnyTrafficProvider {
  const { kind, title, options, observe, apply, programs, manualCommands, endSessions } = definition
  const provider: TrafficProvider<Options> = {
    kind,
    title,
    options,
    capabilities: (chosen) => definition.capabilities(chosen),
    ...(programs ? { programs } : {}),
    ...(manualCommands ? { manualCommands } : {}),
    ...(endSessions ? { endSessions } : {}),
    read: async (context) => snapshotOf(await observe(context)),
    async write(split, ifMatch, context) {
      checkSplit(split, definition.capabilities(context.options).weighted, title)
      const found = await observe(context)
      const snapshot = snapshotOf(found)
      if (snapshot.isApplied && found.isComplete !== false && sameSplit(snapshot.split, split)) return
      if (ifMatch !== null && ifMatch !== snapshot.revision) throw conflict(title, snapshot.split)
      requireTakers(split, snapshot, title)
      context.signal.throwIfAborted()
      try {
        await apply(split, found, context)
      } catch (error) {
        if (!(error instanceof BagboyError) || error.code !== 'REGISTRY_CONFLICT') throw error
        await applyAgain(definition, { split, found }, context)
      }
    },
  }
  return provider
}

/** A provider may refuse because of something that is not ours to overwrite, such as a note of its own. Once. */
async function applyAgain<Options, Seen>(
  { title, observe, apply }: ProviderDefinition<Options, Seen>,
  { split, found }: { readonly split: TrafficSplit; readonly found: Observation<Seen> },
  context: TrafficContext<Options>,
): Promise<void> {
  const again = await observe(context)
  if (again.revision !== found.revision) throw conflict(title, snapshotOf(again).split)
  await apply(split, again, context)
}

function snapshotOf(observation: Observation<unknown>): TrafficSnapshot {
  const { weights, revision, evidence } = observation
  return {
    split: splitOf(weights),
    weights,
    requests: observation.requests ?? null,
    sessions: observation.sessions ?? null,
    states: observation.states ?? perSlot(() => 'unknown'),
    isApplied: observation.isApplied ?? true,
    revision,
    access: observation.access ?? 'unknown',
    warnings: observation.warnings ?? [],
    evidence,
  }
}

function checkSplit(split: TrafficSplit, weighted: boolean, title: string): void {
  const isWhole = SLOTS.every((slot) => Number.isInteger(split[slot]) && split[slot] >= 0)
  if (!isWhole || split.blue + split.green !== 100) {
    throw new BagboyError('PLAN_INVALID', `${splitText(split)} is no split: whole percent that make 100 together are`)
  }
  if (weighted || split.blue === 0 || split.green === 0) return
  throw new BagboyError('REGISTRY_REJECTED', `${title} takes all or nothing, not ${splitText(split)}`, {
    hint: 'Leave 100 as the only weight under blue_green.traffic.steps, or choose a provider that divides.',
  })
}

/** The balancer was changed from outside; that change is left as it is. */
export function conflict(title: string, found?: TrafficSplit): BagboyError {
  const state = found === undefined ? '' : `; it stands at ${splitText(found)}`
  return new BagboyError('REGISTRY_CONFLICT', `${title} was changed from outside in between${state}`, {
    hint: 'Nothing was overwritten. Look at what is there, then decide again.',
    ...(found === undefined ? {} : { details: { found: { ...found } } }),
  })
}

/** Why a slot takes no requests, by its state. */
const CLOSED: Partial<Record<SlotState, string>> = {
  down: 'fails the checks of the balancer',
  unresolved: 'has no address yet: the balancer cannot resolve its name',
  stopped: 'was taken out of service',
}

/** Why a slot of this state would answer no request; `undefined` when it may. Pure. */
export function whyClosed(state: SlotState): string | undefined {
  return CLOSED[state]
}

/** Refuses to send more to a slot that takes no requests. */
function requireTakers(split: TrafficSplit, { split: now, states }: TrafficSnapshot, title: string): void {
  const closed = SLOTS.find((slot) => split[slot] > now[slot] && whyClosed(states[slot]) !== undefined)
  if (closed === undefined) return
  const why = whyClosed(states[closed])
  throw new BagboyError('REGISTRY_REJECTED', `${title}: ${closed} ${why}, so it would get requests and answer none`, {
    hint: `Bring ${closed} up in the balancer first, then do it again.`,
    details: { slot: closed, state: states[closed] },
  })
}
