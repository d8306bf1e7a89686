import { z } from 'zod'
import { parseDuration } from '../../domain/text/duration.ts'
import { perSlot, sameSplit, SLOTS, splitOf, splitText, type PerSlot } from '../../domain/traffic/traffic.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { secretReference } from '../../platform/secret.ts'
import { conflict, defineProvider } from '../define-provider.ts'
import type { SlotState, TrafficContext } from '../provider.ts'
import { digestOf } from '../digest.ts'
import { callApi } from '../provider-answer.ts'
import { slotNames } from '../slot-members.ts'
import { MAX_BYTES, readTraefikFile, writeTraefikFile, type TraefikFile } from './traefik-file.ts'

const name = z.string().regex(/^[\w.@-]+$/u, 'is no name of a service')

const options = z.strictObject({
  /** The file of the file provider that holds the weighted service; only its weights are rewritten. */
  file: z.string().startsWith('/', 'write an absolute path'),
  /** The weighted service in it. */
  service: name,
  /** The services it divides between, as they stand in the file. */
  servers: slotNames(name),
  /** Where Traefik tells what it runs. */
  api: z.url({ protocol: /^https?$/u }),
  credentials: secretReference.optional(),
  /** How long Traefik may take to load the file: its providersThrottleDuration and a little. */
  settle: z
    .string()
    .default('5s')
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined) return ms
      context.addIssue({ code: 'custom', message: 'write a duration such as 5s' })
      return z.NEVER
    }),
})
type TraefikOptions = z.infer<typeof options>
type Context = TrafficContext<TraefikOptions>

interface Live {
  readonly weights: PerSlot<number>
  readonly warnings: readonly string[]
}

/** Between two reads while Traefik loads the file. */
const LOOK_PAUSE_MS = 50

const service = z.looseObject({
  status: z.string().optional(),
  error: z.array(z.string()).optional(),
  weighted: z.looseObject({
    services: z.array(z.looseObject({ name: z.string(), weight: z.int().min(0).default(1) })),
  }),
})
const slotService = z.looseObject({ serverStatus: z.record(z.string(), z.string()).optional() })

/**
 * Weights in a file that Traefik watches. A file it cannot load is only logged, and the old configuration stays: so what
 * counts is what its API says it runs, and a file it does not take is put back.
 */
export const traefik = defineProvider<TraefikOptions, TraefikFile>({
  kind: 'traefik',
  title: 'Traefik',
  options,
  capabilities: () => ({
    weighted: true,
    granularity: 1,
    splitsBy: 'requests',
    drainMs: null,
    hasConditionalWrite: false,
    isAtomic: true,
    countsRequests: false,
  }),

  async observe(context) {
    const { file: path } = context.options
    const file = await readFile(context)
    const live = await readLive(context)
    const [blue, green] = await Promise.all(SLOTS.map((slot) => stateOf(context, slot)))
    const isApplied = sameSplit(splitOf(live.weights), splitOf(file.weights))
    const pending = `Traefik does not run what stands in ${path}: it has not loaded it yet, or cannot.`
    return {
      weights: live.weights,
      states: { blue: blue ?? 'unknown', green: green ?? 'unknown' },
      isApplied,
      revision: digestOf([file.text, { ...live.weights }]),
      warnings: [...live.warnings, ...(isApplied ? [] : [pending])],
      evidence: { file: path, written: { ...file.weights }, running: { ...live.weights } },
      seen: file,
    }
  },

  async apply(split, { seen }, context) {
    const text = writeTraefikFile(seen, split)
    if ((await readText(context)) !== seen.text) throw conflict('Traefik')
    const mayWrite = await context.fence?.()
    mayWrite?.()
    await writeText(context, text)
    if (await cameAbout(context, (live) => sameSplit(splitOf(live.weights), split))) return
    const isOurs = (await readText(context)) === text
    if (isOurs) await writeText(context, seen.text)
    throw new BagboyError(
      'REGISTRY_REJECTED',
      `Traefik did not take ${splitText(split)} from ${context.options.file} within ${context.options.settle} ms`,
      {
        hint: `${isOurs ? 'The old file was put back. ' : ''}Look at its log: a file it cannot load is only named there.`,
      },
    )
  },
})

async function readFile(context: Context): Promise<TraefikFile> {
  const text = await readText(context)
  const file = text === undefined ? { problem: 'is not there' } : readTraefikFile(text, context.options)
  if (!('problem' in file)) return file
  throw new BagboyError('CONFIG_INVALID', `Traefik: the file ${context.options.file} ${sanitize(file.problem, 300)}`, {
    hint: 'docs/traffic.md shows what has to stand in it.',
  })
}

/** What Traefik runs. @throws REGISTRY_* */
async function readLive(context: Context): Promise<Live> {
  const { service: wanted, servers, file } = context.options
  const { body } = await queryApi(context, wanted, `Load ${file} with the file provider.`)
  const parsed = service.safeParse(body)
  if (!parsed.success) {
    throw new BagboyError('REGISTRY_BROKEN', `Traefik says of ${wanted} something else than a weighted service`, {
      hint: 'Check service and api under blue_green.traffic.',
    })
  }
  const { services } = parsed.data.weighted
  const weightOf = (each: string): number => services.find(({ name: known }) => bare(known) === bare(each))?.weight ?? 0
  return {
    weights: perSlot((slot) => weightOf(servers[slot])),
    warnings: (parsed.data.error ?? []).map((text) => `Traefik: ${sanitize(text, 300)}`),
  }
}

/** By the health checks of Traefik, where it makes any. */
async function stateOf(context: Context, slot: (typeof SLOTS)[number]): Promise<SlotState> {
  const { servers } = context.options
  const { body } = await queryApi(context, servers[slot], `Define ${servers[slot]} beside the weighted service.`)
  const states = Object.values(slotService.safeParse(body).data?.serverStatus ?? {})
  if (states.length === 0) return 'unknown'
  return states.includes('UP') ? 'up' : 'down'
}

function queryApi(context: Context, wanted: string, missing: string): ReturnType<typeof callApi> {
  const path = `api/http/services/${encodeURIComponent(wanted.includes('@') ? wanted : `${wanted}@file`)}`
  const url = `${context.options.api.replace(/\/$/u, '')}/${path}`
  return callApi(context, { method: 'GET', url, title: 'Traefik', doing: `reading ${wanted}`, missing })
}

/** Reads until it holds; a Traefik that is away for a moment is waited for as well. */
async function cameAbout(context: Context, holds: (live: Live) => boolean): Promise<boolean> {
  const { clock } = context.platform
  const endMs = clock.elapsedMs() + context.options.settle
  while (clock.elapsedMs() < endMs) {
    const live = await readLive(context).catch((error: unknown) => {
      if (error instanceof BagboyError && error.code === 'REGISTRY_UNREACHABLE') return undefined
      throw error
    })
    if (live && holds(live)) return true
    await clock.sleep(LOOK_PAUSE_MS, context.signal)
  }
  return false
}

/** In its own file Traefik calls a service `app`, elsewhere `app@file`. */
function bare(known: string): string {
  return known.replace(/@file$/u, '')
}

async function readText({ platform, options: { file } }: Context): Promise<string | undefined> {
  const bytes = await platform.files.read(file, MAX_BYTES)
  return bytes && new TextDecoder().decode(bytes)
}

async function writeText({ platform, options: { file } }: Context, text: string): Promise<void> {
  await platform.files.replace(file, new TextEncoder().encode(text))
}
