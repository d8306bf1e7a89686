import { z } from 'zod'
import type { PackageRef } from '../domain/deployment.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { Action } from '../domain/plan.ts'
import {
  allTo,
  otherSlot,
  sameSplit,
  SLOTS,
  splitText,
  type Slot,
  type TrafficSplit,
} from '../domain/traffic/traffic.ts'
import { bareVersion } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { defineDriver, type AnyDriver, type DriverContext, type Snapshot, type Subject } from '../registries/driver.ts'
import { conflict, whyClosed } from '../traffic/define-provider.ts'
import type { TrafficContext, TrafficSnapshot } from '../traffic/provider.ts'
import type { BoundTraffic } from './bind-traffic.ts'
import { slotOf, splitOf, splitsBetween, toPointer } from './traffic-pointer.ts'
import { splitBars } from './split-bars.ts'

const FORMAT = 'traffic'
const WRITE = 'write-split'

const options = z.strictObject({})
type Context = DriverContext<z.infer<typeof options>>

/** The package that stands for the switch in a deployment: its pin is the slot that deployment runs in. */
export function trafficPackage({ provider }: BoundTraffic, app: string): PackageRef {
  return { format: FORMAT, registry: provider.kind, name: app }
}

/**
 * The configured switch as one more registry, so that a rollback moves traffic by the same road as everything else. The
 * pointer is the split, a pin the slot a version runs in. It decides nothing about which version a slot runs: only the
 * history knows that.
 */
export function trafficDriver(traffic: BoundTraffic): AnyDriver {
  const { provider } = traffic
  const { isAtomic } = provider.capabilities(traffic.options)
  const site = (context: Context): TrafficContext<unknown> => {
    const { platform, signal, timeoutMs, root, fence } = context
    return { platform, signal, timeoutMs, root, fence, options: traffic.options }
  }
  return defineDriver<z.infer<typeof options>>({
    format: FORMAT,
    title: provider.title,
    options,
    group: 1,
    runsBeforePreflight: true,
    effect: {
      newInstalls: 'All users are answered by the old version, with the next request.',
      existingUsers: 'All of them: who is on the bad version now is moved as well.',
      timeToEffect: 'Seconds; requests that are under way are finished where they are.',
    },
    slots: {
      ofPin: slotOf,
      sharesOf: (pointer) => SLOTS.map((slot) => ({ slot, percent: splitOf(pointer)[slot] })),
    },
    isIntermediate: (pointer, before, want) =>
      !isAtomic && splitsBetween(splitOf(pointer), splitOf(before), splitOf(want)),

    async inspect(subject, context) {
      requireKind(subject.package, traffic)
      const found = await provider.read(site(context))
      return {
        pointer: toPointer(found.split),
        revision: found.revision,
        serving: servedVersion(subject, found.split),
        target: targetOf(subject, found, provider.title),
        access: found.access,
        preview: previewOf(subject, found.split),
        isApplied: found.isApplied,
      }
    },

    async capture({ package: ref, version }, context) {
      requireKind(ref, traffic)
      const { split } = await provider.read(site(context))
      const slot = SLOTS.find((each) => sameSplit(split, allTo(each)))
      if (slot) return { slot }
      throw new BagboyError(
        'REGISTRY_REJECTED',
        `${provider.title} stands at ${splitText(split)}, so it is unknown which slot ${bareVersion(version)} is`,
        { hint: 'Record it when one slot has all the traffic.' },
      )
    },

    plan({ subject, snapshot }) {
      const slot = slotOf(subject.to.pin)
      if (slot === null) throw new BagboyError('PLAN_INVALID', `no slot is recorded for ${subject.to.version}`)
      const [before, want] = [splitOf(snapshot.pointer), allTo(slot)]
      if (sameSplit(before, want) && snapshot.isApplied !== false) return undefined
      // There is no way back to a split in which no slot got traffic.
      const isReversible = before.blue + before.green > 0
      return {
        title: `Send all traffic to ${slot}, which runs ${bareVersion(subject.to.version)}`,
        actions: [writeSplit(want)],
        want: toPointer(want),
        undo: isReversible ? [writeSplit(before)] : [],
        reversibility: isReversible ? 'reversible' : 'one-way',
        manual: provider.manualCommands?.(want, traffic.options) ?? [
          `Send ${splitText(want)} with ${provider.title}'s own commands (docs/traffic.md, ${provider.kind})`,
        ],
      }
    },

    outOfScope(action, { wants }) {
      if (action.kind !== 'custom') return 'sends a request of its own'
      if (action.operation !== WRITE || sameSplit(splitOf(action.input['split'] ?? null), splitOf(wants)))
        return undefined
      return `sends ${splitText(splitOf(action.input['split'] ?? null))}, where no step leads`
    },

    operations: {
      async [WRITE](input: JsonObject, context) {
        const split = splitOf(input['split'] ?? null)
        const found = await provider.read(site(context))
        const isAsDecided = [split, splitOf(context.expected)].some((known) => sameSplit(found.split, known))
        if (!isAsDecided) throw conflict(provider.title, found.split)
        await provider.write(split, found.revision, site(context))
      },
    },
  })
}

function writeSplit(split: TrafficSplit): Action {
  return { kind: 'custom', title: `send ${splitText(split)}`, operation: WRITE, input: { split: toPointer(split) } }
}

/** A history that speaks of another switch than the configured one says nothing about this one. */
function requireKind({ registry }: PackageRef, { provider }: BoundTraffic): void {
  if (registry === provider.kind) return
  throw new BagboyError(
    'CONFIG_INVALID',
    `the history names the traffic provider ${registry}, and blue_green.traffic.provider is ${provider.kind}`,
    { hint: `Configure ${registry} again, or leave it out: --except ${FORMAT}` },
  )
}

/** Of the slot that has everything, as far as the two versions in question tell. */
function servedVersion({ from, to }: Subject, split: TrafficSplit): string | null {
  const found = [from, to].find(({ pin }) => {
    const slot = slotOf(pin)
    return slot !== null && sameSplit(split, allTo(slot))
  })
  return found ? bareVersion(found.version) : null
}

function targetOf({ to }: Subject, { split, states }: TrafficSnapshot, title: string): Snapshot['target'] {
  const slot = slotOf(to.pin)
  if (slot === null) {
    const detail = `no slot is recorded for ${to.version}`
    return { status: 'missing', detail, remedy: `Deploy ${to.version} again to serve it.` }
  }
  const state = states[slot]
  // What has everything already is not sent anything more.
  const why = whyClosed(state)
  if (split[slot] === 100 || why === undefined) return { status: 'present' }
  const remedy = `Bring ${slot} up in ${title} first.`
  return { status: 'closed', detail: `${slot}, which runs ${to.version}, ${why}.`, remedy }
}

function previewOf({ from, to }: Subject, split: TrafficSplit): Snapshot['preview'] {
  const slot = slotOf(to.pin)
  if (slot === null) return { before: '', after: '' }
  const other = slotOf(from.pin) === otherSlot(slot) ? bareVersion(from.version) : ''
  const versionOf = (each: Slot): string => (each === slot ? bareVersion(to.version) : other)
  return { before: splitBars(split, versionOf), after: splitBars(allTo(slot), versionOf) }
}
