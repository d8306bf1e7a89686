import { z } from 'zod'
import { problemOfRemote } from '../../git/git-remote.ts'
import { count, duration, strictMap } from './strict-map.ts'

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

/** What pruning always protects; the list of the file cannot take anything out of it. */
const PROTECTIONS = ['active', 'previous', 'pinned', 'rollback-target', 'other-environments'] as const

export const history = strictMap({
  file: z.string().min(1).default('.bagboy/deployment-history.yml'),
  keep: count.default(25),
  keep_healthy: count.default(3),
  protect: z.array(z.enum(PROTECTIONS)).optional(),
  capture: z.boolean().default(true),
})

export const registries = z.array(z.looseObject({ format: z.string().min(1), registry: z.string().min(1) }))
