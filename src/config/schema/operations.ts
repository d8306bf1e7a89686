import { z } from 'zod'
import { problemOfRemote } from '../../git/git-remote.ts'
import { count, duration, openMap, strictMap, textList } from './strict-map.ts'

const hook = strictMap({
  run: z.string(),
  timeout: duration.optional(),
  on_error: z.enum(['abort', 'warn']).optional(),
})

export const hooks = strictMap({ pre_rollback: z.array(hook).optional(), post_rollback: z.array(hook).optional() })

export const changeWindow = strictMap({
  kind: z.enum(['allow', 'deny']),
  schedule: z.string(),
  duration,
  timezone: z.string().optional(),
  operations: textList.optional(),
  reason: z.string().optional(),
})

const role = z.union([textList, strictMap({ members: textList.optional(), permissions: textList })])

/** Read by the access control; its rules are checked there. */
export const access = strictMap({
  level: z.enum(['L0', 'L1', 'L2', 'L3']).optional(),
  identity: textList.optional(),
  identities: z.record(z.string(), openMap).optional(),
  roles: z.record(z.string(), role).optional(),
  bindings: z.record(z.string(), textList).optional(),
  rules: z.array(openMap).optional(),
  freeze: z.array(openMap).optional(),
  approvals: z.array(openMap).optional(),
  break_glass: openMap.optional(),
  auto: openMap.optional(),
  allowed_targets: openMap.optional(),
})

const channel = z.looseObject({ type: z.enum(['slack', 'pagerduty', 'alertmanager', 'webhook']) })

export const alerts = strictMap({
  channels: z.record(z.string(), channel).optional(),
  routes: z
    .array(
      strictMap({
        on: textList,
        min_severity: z.enum(['info', 'warning', 'error', 'critical']).optional(),
        to: textList,
      }),
    )
    .optional(),
  resolve_on: textList.optional(),
})

export const audit = strictMap({
  file: z.string().optional(),
  hash_chain: z.boolean().optional(),
  sign_with: z.string().optional(),
  redact: textList.optional(),
})

/** Not where branches and tags are, and nothing that git would not take for a name. */
const REF_PREFIX = /^refs\/(?!heads\/|tags\/|remotes\/)[\w-]+(?:\/[\w-]+)*$/u

const gitRemote = z.string().superRefine((text, context) => {
  const problem = problemOfRemote(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

export const lock = strictMap({
  backend: z.enum(['file', 'git']).default('file'),
  ttl: duration.default(900_000),
  heartbeat: duration.default(30_000),
  wait: duration.default(0),
  /** For `git`. Without one: the origin of the project's repository. */
  remote: gitRemote.optional(),
  ref_prefix: z
    .string()
    .regex(REF_PREFIX, 'is no prefix for refs of our own: refs/bagboy/lock')
    .default('refs/bagboy/lock'),
}).refine(({ backend, remote }) => backend === 'git' || remote === undefined, {
  path: ['remote'],
  error: 'is only for backend: git',
})

export const history = strictMap({
  file: z.string().min(1).default('.bagboy/deployment-history.yml'),
  keep: count.default(25),
  keep_healthy: count.default(3),
  protect: textList.optional(),
  capture: z.boolean().default(true),
})

export const registries = z.array(z.looseObject({ format: z.string().min(1), registry: z.string().min(1) }))
