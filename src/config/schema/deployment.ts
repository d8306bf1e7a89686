import { z } from 'zod'
import { blueGreen } from './blue-green.ts'
import { analysis, healthCheck, metrics } from './health.ts'
import { checkReferences } from './health-references.ts'
import { access, alerts, audit, changeWindow, history, hooks, lock, registries } from './operations.ts'
import { rollback } from './rollback.ts'
import { strictMap } from './strict-map.ts'

/** The `deployment:` block of bagboy.yaml, with its defaults. */
export const deploymentBlock = strictMap({
  strategy: z.enum(['blue-green', 'gradual', 'direct']).optional(),
  environment: z.string().min(1).default('production'),
  history: history.prefault({}),
  health_checks: z.array(healthCheck).default([]),
  blue_green: blueGreen.optional(),
  metrics: metrics.optional(),
  analysis: analysis.optional(),
  rollback: rollback.prefault({}),
  registries: registries.default([]),
  hooks: hooks.optional(),
  windows: z.array(changeWindow).optional(),
  access: access.optional(),
  alerts: alerts.optional(),
  audit: audit.optional(),
  lock: lock.prefault({}),
}).superRefine((block, context) =>
  checkReferences(block, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
)

export type DeploymentBlock = z.infer<typeof deploymentBlock>
