import { z } from 'zod'
import { startup } from './health.ts'
import { commandProblem } from './health-text.ts'
import { duration, notSupported, strictMap, textList } from './strict-map.ts'

const slot = strictMap({ url: z.string(), label: z.string().optional() })

const step = strictMap({
  /** Whole percent for the new slot. */
  weight: z.int().min(0).max(100).optional(),
  /** An empty map waits for a person, without a limit. */
  pause: z
    .union([
      duration,
      strictMap({ timeout: duration.optional(), on_timeout: z.enum(['revert', 'promote', 'wait']).optional() }),
    ])
    .optional(),
  analysis: z.union([z.string(), textList]).optional(),
}).refine(
  ({ weight, pause, analysis }) => [weight, pause, analysis].filter((part) => part !== undefined).length === 1,
  {
    message: 'give it exactly one of weight, pause and analysis',
  },
)

/** The provider's own keys (socket, backend, servers, …) stand beside these and are checked by it. */
const traffic = z.looseObject({
  provider: z.string().min(1),
  steps: z.array(step).default([]),
  on_failure: z.enum(['revert', 'pause']).default('revert'),
})

/** Run without a shell; a text is split as a shell would split it. */
const command = z.union([z.string().min(1), textList.min(1)]).superRefine((given, context) => {
  const problem = typeof given === 'string' ? commandProblem(given) : undefined
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

const deploy = strictMap({
  command,
  /** Names of variables it gets beside the few that every program gets. */
  env: z.array(z.string().regex(/^[A-Za-z_]\w*$/u, 'is no name of a variable')).default([]),
  timeout: duration.default(600_000),
})

export const blueGreen = strictMap({
  blue: slot.optional(),
  green: slot.optional(),
  preview_url: z.string().optional(),
  auto_promote: z.boolean().default(false),
  auto_promote_after: duration.default(0),
  keep_previous: duration.default(3_600_000),
  keep_previous_revisions: notSupported('nothing would keep or end a revision because of it'),
  drain: duration.optional(),
  deploy: deploy.optional(),
  startup: startup.prefault({}),
  traffic: traffic.optional(),
})

export type BlueGreenBlock = z.infer<typeof blueGreen>
