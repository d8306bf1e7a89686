import { z } from 'zod'
import { isTagPattern } from '../../domain/text/release-tag.ts'
import { blueGreen } from './blue-green.ts'
import { analysis, healthCheck, metrics } from './health.ts'
import { checkReferences } from './health-references.ts'
import { checkNames } from './name-references.ts'
import { history, lock, registries } from './operations.ts'
import { rollback } from './rollback.ts'
import { notSupported, strictMap } from './strict-map.ts'

/** The `deployment:` block of bagboy.yaml, with its defaults. */
export const deploymentBlock = strictMap({
  strategy: z.enum(['blue-green', 'gradual', 'direct']).optional(),
  environment: z.string().min(1).default('production'),
  release_tag: z
    .string()
    .refine(isTagPattern, 'says once where the version of a git tag stands: "web-v${version}" or "${app}@${version}"')
    .optional(),
  history: history.prefault({}),
  health_checks: z.array(healthCheck).default([]),
  blue_green: blueGreen.optional(),
  metrics: metrics.optional(),
  analysis: analysis.optional(),
  rollback: rollback.prefault({}),
  registries: registries.default([]),
  hooks: notSupported('no program would be run before or after a rollback'),
  windows: notSupported('no change would be held back by it'),
  access: notSupported('nothing would be denied by it; limit what the registries accept from a token instead'),
  alerts: notSupported('nothing would be sent'),
  audit: notSupported('no audit log would be written; what runs did is in .bagboy/runs'),
  lock: lock.prefault({}),
}).superRefine((block, context) => {
  const issue = (path: readonly (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message })
  checkReferences(block, issue)
  checkNames(block, issue)
})

export type DeploymentBlock = z.infer<typeof deploymentBlock>
