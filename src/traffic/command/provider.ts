import { z } from 'zod'
import { parseJson } from '../../domain/text/parse-json.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { conflict, defineProvider, type Observation } from '../define-provider.ts'
import type { TrafficContext } from '../provider.ts'
import { digestOf } from '../digest.ts'
import { commandError, commandLine, passedNames, runCommand } from '../run-command.ts'

const options = z.strictObject({
  /** Gets the wanted split as JSON on stdin, and in the environment. */
  switch: commandLine,
  /** Prints what is in force as JSON; without it nothing could be proved. */
  status: commandLine,
  /** Whether there are shares in between all and nothing. */
  weighted: z.boolean().default(true),
  env: passedNames,
})
type CommandOptions = z.infer<typeof options>
type Context = TrafficContext<CommandOptions>

const weight = z.number().min(0)
const state = z.enum(['up', 'down', 'unresolved', 'stopped', 'unknown']).default('unknown')
const answer = z.looseObject({
  split: z.looseObject({ blue: weight, green: weight }),
  requests: z.looseObject({ blue: z.int().min(0), green: z.int().min(0) }).optional(),
  states: z.looseObject({ blue: state, green: state }).optional(),
  settled: z.boolean().default(true),
  revision: z.string().min(1).optional(),
  warnings: z.array(z.string()).default([]),
})
type Status = z.infer<typeof answer>

/** With this a switch says that the revision it was given is not the one it found, and that it did nothing. */
const CONFLICT_EXIT_CODE = 10

/** Everything else that divides traffic: two programs of the project, which speak JSON. */
export const command = defineProvider<CommandOptions, Status>({
  kind: 'command',
  title: 'The traffic command',
  options,
  capabilities: ({ weighted }) => ({
    weighted,
    granularity: 1,
    splitsBy: 'requests',
    drainMs: null,
    hasConditionalWrite: false,
    isAtomic: false,
    countsRequests: true,
  }),

  programs: (chosen) => [chosen.switch, chosen.status],

  async observe(context) {
    const status = await readStatus(context)
    const { split, requests, states, settled, revision, warnings } = status
    const { blue, green } = split
    return {
      weights: { blue, green },
      requests: requests ? { blue: requests.blue, green: requests.green } : null,
      ...(states ? { states: { blue: states.blue, green: states.green } } : {}),
      isApplied: settled,
      revision: revision ?? digestOf({ blue, green }),
      warnings: warnings.map((text) => sanitize(text, 300)),
      evidence: { split: { blue, green }, settled, revision: revision ?? null },
      seen: status,
    }
  },

  async apply(split, { revision }: Observation<Status>, context) {
    const { switch: words, env } = context.options
    const result = await runCommand(context, {
      words,
      pass: env,
      stdin: `${JSON.stringify({ split, if_match: revision })}\n`,
      set: { BAGBOY_BLUE: String(split.blue), BAGBOY_GREEN: String(split.green), BAGBOY_IF_MATCH: revision },
      isWrite: true,
    })
    if (result.exitCode === CONFLICT_EXIT_CODE) throw conflict('The traffic')
    if (result.exitCode !== 0) throw commandError(words.join(' '), result, 'Run it by hand to see why it refuses.')
  },
})

async function readStatus(context: Context): Promise<Status> {
  const { status: words, env } = context.options
  const result = await runCommand(context, { words, pass: env })
  if (result.exitCode !== 0) {
    const { code, message, hint = '' } = commandError(words.join(' '), result, 'Run it by hand to see what it lacks.')
    throw new BagboyError(code === 'REGISTRY_REJECTED' ? 'REGISTRY_UNREACHABLE' : code, message, { hint })
  }
  const parsed = answer.safeParse(parseJson(result.stdout))
  if (parsed.success) return parsed.data
  throw new BagboyError('REGISTRY_BROKEN', `${words.join(' ')} printed no status: ${result.said}`, {
    hint: 'It prints {"split":{"blue":90,"green":10}}; docs/traffic.md says what may stand beside it.',
  })
}
