import { z } from 'zod'
import { duration, openMap, strictMap, textList } from './strict-map.ts'

const slot = strictMap({ url: z.string(), label: z.string().optional() })

const step = strictMap({
  weight: z.number().min(0).max(100).optional(),
  pause: z
    .union([
      duration,
      strictMap({ timeout: duration.optional(), on_timeout: z.enum(['revert', 'promote', 'wait']).optional() }),
    ])
    .optional(),
  analysis: z.union([z.string(), textList]).optional(),
})

/** The provider's own keys (socket, backend, config, …) stand beside `provider` and are checked by it. */
const traffic = z.looseObject({
  provider: z.enum(['haproxy', 'nginx', 'caddy', 'traefik', 'kubernetes', 'kamal-proxy', 'command']),
  steps: z.array(step).optional(),
  on_failure: z.enum(['revert', 'pause']).optional(),
})

export const blueGreen = strictMap({
  blue: slot.optional(),
  green: slot.optional(),
  preview_url: z.string().optional(),
  auto_promote: z.boolean().optional(),
  auto_promote_after: duration.optional(),
  keep_previous: duration.optional(),
  keep_previous_revisions: z.int().min(0).optional(),
  drain: duration.optional(),
  deploy: openMap.optional(),
  traffic: traffic.optional(),
})
