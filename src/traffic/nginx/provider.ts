import { z } from 'zod'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { SLOTS } from '../../domain/traffic/traffic.ts'
import { conflict, defineProvider, type Observation } from '../define-provider.ts'
import type { TrafficContext } from '../provider.ts'
import { digestOf } from '../digest.ts'
import { parseMarker, readInclude, writeInclude, type NginxInclude } from './nginx-include.ts'
import type { NginxPlan } from './nginx-plan.ts'
import { probeMarker } from './nginx-probe.ts'
import { commandError, commandLine, passedNames, runCommand } from '../run-command.ts'
import { slotMembers } from '../slot-members.ts'

/** Of the file that is included. */
const MAX_BYTES = 4 * 1024 * 1024

const server = z.string().regex(/^[\w.:[\]/-]+$/u, 'is no server of nginx')
const variable = z.string().regex(/^\$\w+$/u, 'is no variable of nginx: write $name')

const options = z
  .strictObject({
    /** The file that is included at http level and holds the split; only weights and its marker are rewritten. */
    include: z.string().startsWith('/', 'write an absolute path'),
    /** The upstream block whose servers are weighed … */
    upstream: z
      .string()
      .regex(/^[\w.-]+$/u, 'is no name of an upstream')
      .optional(),
    /** … or the variable of the split_clients block whose shares are set. */
    split_clients: variable.optional(),
    /** Addresses as they stand in the upstream; for split_clients what it sends to. */
    servers: slotMembers(server),
    /** An address that answers with the marker in a header, from nginx itself. */
    probe: z.url({ protocol: /^https?$/u }),
    header: z
      .string()
      .regex(/^[\w-]+$/u)
      .default('x-bagboy-traffic'),
    /** The variable the marker is in. */
    marker: variable.default('$bagboy_traffic'),
    test: commandLine.default(['nginx', '-t']),
    reload: commandLine.default(['nginx', '-s', 'reload']),
    env: passedNames,
  })
  .refine(({ upstream, split_clients: split }) => (upstream === undefined) !== (split === undefined), {
    message: 'give it exactly one of upstream and split_clients',
  })
  .refine(
    ({ split_clients: split, servers }) => split === undefined || SLOTS.every((slot) => servers[slot].length === 1),
    { path: ['servers'], message: 'for split_clients each slot is one upstream' },
  )
type NginxOptions = z.infer<typeof options>
type Context = TrafficContext<NginxOptions>

/** After a reload that was answered badly: how often and how long to read whether it took effect. */
const LOOK_COUNT = 10
const LOOK_PAUSE_MS = 50

/**
 * Weights in an included file, put in force by a reload. The reload returns before the workers have switched, and nginx
 * does not report what it runs: so the text names itself by its hash and a word of its own in a variable, which nginx
 * hands out as a header, and what is read back is which text the workers have loaded.
 */
export const nginx = defineProvider<NginxOptions, NginxInclude>({
  kind: 'nginx',
  title: 'nginx',
  options,
  capabilities: ({ upstream }) => ({
    weighted: true,
    granularity: 1,
    splitsBy: upstream === undefined ? 'clients' : 'requests',
    drainMs: 500,
    hasConditionalWrite: false,
    isAtomic: true,
    countsRequests: false,
  }),

  programs: ({ test, reload }) => [test, reload],

  async observe(context) {
    const include = await readFile(context)
    const live = await probeMarker(context)
    const isApplied = include.isMarked && live === include.marker
    // A text that was edited still carries its old name: what is in force cannot be told from that.
    const told = include.isMarked ? parseMarker(live ?? '') : undefined
    return {
      weights: isApplied ? include.weights : (told ?? include.weights),
      isApplied,
      revision: digestOf([include.text, live ?? null]),
      warnings: isApplied ? [] : [unsettled(context.options.include, include, live)],
      evidence: {
        include: context.options.include,
        marker: include.marker,
        live: live ?? null,
        file: { ...include.weights },
      },
      seen: include,
    }
  },

  async apply(split, { seen }: Observation<NginxInclude>, context) {
    const text = writeInclude(seen.text, planOf(context.options), split, context.platform.random.hex(4))
    await testConfiguration(context, 'before anything was changed')
    await replaceInclude(context, seen.text, text)
    await reload(context, seen.text, text)
  },
})

function planOf({ upstream, split_clients: split, servers, marker }: NginxOptions): NginxPlan {
  return {
    kind: upstream === undefined ? 'split_clients' : 'upstream',
    name: upstream ?? split ?? '',
    servers,
    variable: marker,
  }
}

async function readFile(context: Context): Promise<NginxInclude> {
  const { include: file } = context.options
  const text = await readText(context)
  const include = text === undefined ? { problem: 'is not there' } : readInclude(text, planOf(context.options))
  if (!('problem' in include)) return include
  throw new BagboyError('CONFIG_INVALID', `nginx: the include file ${file} ${sanitize(include.problem, 300)}`, {
    hint: 'docs/traffic.md shows what has to stand in it.',
  })
}

async function readText({ platform, options: { include } }: Context): Promise<string | undefined> {
  const bytes = await platform.files.read(include, MAX_BYTES)
  return bytes && new TextDecoder().decode(bytes)
}

function unsettled(file: string, { isMarked }: NginxInclude, live: string | undefined): string {
  if (!isMarked) {
    return `${file} was written or edited by hand, so nothing proves which weights nginx runs; the next move puts it right.`
  }
  if (live === undefined)
    return 'nginx does not name what it runs: add the marker header to the location that is probed.'
  return `nginx does not run what stands in ${file}: it was not reloaded, or the reload has not come through.`
}

/** The whole configuration with the text in its place; the old text is put back when that is refused. */
async function replaceInclude(context: Context, before: string, after: string): Promise<void> {
  if ((await readText(context)) !== before) throw conflict('nginx')
  const mayWrite = await context.fence?.()
  mayWrite?.()
  await writeText(context, after)
  try {
    await testConfiguration(context, 'with the new split in it; the old one was put back')
  } catch (error) {
    await restore(context, before, after)
    throw error
  }
}

async function testConfiguration(context: Context, when: string): Promise<void> {
  const { test, env } = context.options
  const result = await runCommand(context, { words: test, pass: env })
  if (result.exitCode === 0) return
  throw commandError(
    `nginx: ${test.join(' ')} ${when}`,
    result,
    'Correct the configuration of nginx, then do it again.',
  )
}

/** Nothing is in force before this. When it fails and nginx still runs the old text, the old text is put back. */
async function reload(context: Context, before: string, after: string): Promise<void> {
  const { reload: words, env } = context.options
  const result = await runCommand(context, { words, pass: env, isWrite: true })
  if (result.exitCode === 0) return
  const isInForce = await cameAbout(context, after)
  if (!isInForce) await restore(context, before, after)
  throw commandError(`nginx: ${words.join(' ')}`, result, 'Run it by hand to see why nginx is not reloaded.')
}

async function cameAbout(context: Context, text: string): Promise<boolean> {
  const wanted = readInclude(text, planOf(context.options))
  for (let observations = 0; observations < LOOK_COUNT; observations += 1) {
    if ('marker' in wanted && (await probeMarker(context)) === wanted.marker) return true
    await context.platform.clock.sleep(LOOK_PAUSE_MS, context.signal)
  }
  return false
}

/** Unless it was written to from outside meanwhile. */
async function restore(context: Context, before: string, after: string): Promise<void> {
  if ((await readText(context)) === after) await writeText(context, before)
}

async function writeText({ platform, options: { include } }: Context, text: string): Promise<void> {
  await platform.files.replace(include, new TextEncoder().encode(text))
}
