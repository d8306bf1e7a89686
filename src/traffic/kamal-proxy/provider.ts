import { z } from 'zod'
import { otherSlot, perSlot, SLOTS, type PerSlot, type Slot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { parseJson } from '../../domain/text/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { defineProvider } from '../define-provider.ts'
import type { TrafficContext } from '../provider.ts'
import { digestOf } from '../digest.ts'
import { readKamalList, readKamalState, type KamalState } from './kamal-state.ts'
import { commandError, commandLine, passedNames, runCommand, type CommandResult } from '../run-command.ts'
import { slotNames } from '../slot-members.ts'

const options = z.strictObject({
  /** How kamal-proxy is called: `[docker, exec, kamal-proxy, kamal-proxy]` where Kamal runs it. */
  kamal_proxy: commandLine.default(['kamal-proxy']),
  service: z.string().regex(/^[\w][\w.-]*$/u, 'is no name of a service'),
  /** The targets, as they were deployed: `app-blue:3000`. */
  servers: slotNames(z.string().regex(/^[A-Za-z0-9][\w.-]*(?::\d{1,5})?$/u, 'is no target')),
  /** Prints the state file of kamal-proxy: only this file says how far a rollout is. */
  state: commandLine,
  /** What a deploy of this service is given beside its target (--host, --tls …): kamal-proxy forgets what is not said again. */
  deploy: z.array(z.string()).default([]),
  env: passedNames,
})
type KamalOptions = z.infer<typeof options>
type Context = TrafficContext<KamalOptions>

interface Seen {
  readonly active: Slot
  readonly state: KamalState
}

/**
 * The active target and a rollout beside it. A share is one of clients: those without the rollout cookie always get the
 * active target, so a percentage is not one of requests.
 */
export const kamalProxy = defineProvider<KamalOptions, Seen>({
  kind: 'kamal-proxy',
  title: 'kamal-proxy',
  options,
  capabilities: () => ({
    weighted: true,
    granularity: 1,
    splitsBy: 'clients',
    drainMs: null,
    hasConditionalWrite: false,
    isAtomic: false,
    countsRequests: false,
  }),

  programs: ({ kamal_proxy: proxy, state, deploy }) => [[...proxy, 'deploy', ...deploy], state],

  async observe(context) {
    const { service, servers } = context.options
    const listed = await readList(context)
    const state = await readState(context)
    const active = slotOf(listed.target, servers) ?? refuse(service, 'sends requests to', listed.target)
    const isOn = state.percent !== null && state.rollout !== null
    const rollout = isOn
      ? (slotOf(state.rollout ?? '', servers) ?? refuse(service, 'rolls out', state.rollout ?? ''))
      : active
    const percent = rollout === active ? 0 : (state.percent ?? 0)
    const isApplied = state.active === listed.target
    return {
      weights: perSlot((slot) => (slot === active ? 100 - percent : percent)),
      states: perSlot((slot) => (slot !== active ? 'unknown' : listed.state === 'running' ? 'up' : 'stopped')),
      isApplied,
      // What is left of a rollout that is over would come back with the next one.
      isComplete: !(isOn && (percent === 0 || rollout === active)),
      revision: digestOf([listed.target, state.rollout, state.percent, state.namedCount]),
      warnings: [
        ...(state.namedCount > 0 && isOn
          ? [`${state.namedCount} named clients get the rollout regardless of the share.`]
          : []),
        ...(isApplied ? [] : ['kamal-proxy has not written its state down yet.']),
      ],
      evidence: { service, active: listed.target, state: listed.state, rollout: state.rollout, percent: state.percent },
      seen: { active, state },
    }
  },

  async apply(split, { seen: { active, state } }, context) {
    const { service, servers, deploy } = context.options
    const other = otherSlot(active)
    if (split[other] === 100) {
      // Waits until the target is healthy and changes nothing when it is not.
      await change(context, ['deploy', service, '--target', servers[other], ...deploy])
    }
    if (split[other] === 100 || split[active] === 100) {
      if (state.percent !== null) await change(context, ['rollout', 'stop', service])
      return
    }
    await rollOut(context, { slot: other, split, state })
  },
})

async function rollOut(
  context: Context,
  { slot, split, state }: { readonly slot: Slot; readonly split: TrafficSplit; readonly state: KamalState },
): Promise<void> {
  const { service, servers } = context.options
  if (state.rollout !== servers[slot]) await change(context, ['rollout', 'deploy', service, '--target', servers[slot]])
  await change(context, ['rollout', 'set', service, '--percent', String(split[slot])])
}

function slotOf(target: string, servers: PerSlot<string>): Slot | undefined {
  return SLOTS.find((slot) => servers[slot] === target)
}

function refuse(service: string, what: string, target: string): never {
  throw new BagboyError(
    'CONFIG_INVALID',
    `kamal-proxy: ${service} ${what} ${sanitize(target, 200)}, which belongs to no slot`,
    {
      hint: 'Correct servers under blue_green.traffic: the targets are those of kamal-proxy list.',
    },
  )
}

async function readList(context: Context) {
  const { kamal_proxy: words, service, env } = context.options
  const result = await runCommand(context, { words, more: ['list'], pass: env })
  if (result.exitCode !== 0) throw failure('kamal-proxy list', result)
  const row = readKamalList(new TextDecoder().decode(result.stdout), service)
  if (row) return row
  if (row === null) throw unknown(service)
  throw new BagboyError('REGISTRY_BROKEN', `kamal-proxy list printed no table: ${result.said}`, {
    hint: 'Check kamal_proxy under blue_green.traffic.',
  })
}

async function readState(context: Context): Promise<KamalState> {
  const { state: words, service, env } = context.options
  const result = await runCommand(context, { words, pass: env })
  if (result.exitCode !== 0) throw failure(words.join(' '), result)
  const state = readKamalState(parseJson(result.stdout), service)
  if (state) return state
  if (state === null) throw unknown(service)
  // It is written in place: a concurrent reader gets a part of it.
  throw new BagboyError('REGISTRY_BROKEN', `${words.join(' ')} printed no state of kamal-proxy`, {
    hint: 'It is kamal-proxy.state in the folder .config/kamal-proxy of its user.',
  })
}

async function change(context: Context, more: readonly string[]): Promise<void> {
  const { kamal_proxy: words, env } = context.options
  const result = await runCommand(context, { words, more, pass: env, isWrite: true })
  if (result.exitCode !== 0) throw failure(`kamal-proxy ${more.slice(0, 3).join(' ')}`, result)
}

function unknown(service: string): BagboyError {
  return new BagboyError('REGISTRY_NOT_FOUND', `kamal-proxy has no service ${service}`, {
    hint: 'Deploy it once, or correct service under blue_green.traffic: kamal-proxy list',
  })
}

/** By its own words: its exit code is 1 for everything. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/permission denied/iu, 'REGISTRY_FORBIDDEN', 'Run this as the user kamal-proxy runs as.'],
  [/service not found/iu, 'REGISTRY_NOT_FOUND', 'Deploy it once, or correct service under blue_green.traffic.'],
  [
    /failed to become healthy/iu,
    'REGISTRY_REJECTED',
    'The target fails the health checks of kamal-proxy: bring it up first.',
  ],
  [
    /^Error: dial|no such container|connection refused|is not running/iu,
    'REGISTRY_UNREACHABLE',
    'Check that kamal-proxy runs here.',
  ],
]

function failure(what: string, result: CommandResult): BagboyError {
  const found = MEANINGS.find(([words]) => words.test(result.said))
  if (!found) return commandError(what, result, 'Run it by hand to see why it refuses.')
  const [, code, hint] = found
  return new BagboyError(code, `${what} ended with ${result.exitCode}: ${result.said}`, { hint })
}
