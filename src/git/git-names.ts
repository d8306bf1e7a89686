import { z } from 'zod'
import { problemOfRemote } from './git-remote.ts'

// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const BRANCH = /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock$))[^\s~^:?*[\\\u0000-\u001f\u007f]+(?<![/.])$/u
// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const PATH = /^(?![-/"])[^\u0000-\u001f\u007f\\]+(?<!\/)$/u

/** A branch by its short name, as git-check-ref-format(1) allows it, and never an option. */
export const gitBranch = z.string().regex(BRANCH, 'is no name a branch can have').max(200)

/** A file inside a repository, from its root, with `/`. */
export const gitPath = z
  .string()
  .regex(PATH, 'is no path inside a repository')
  .max(400)
  .refine((path) => path.split('/').every(isSafeSegment), 'leaves the repository or enters .git')

export const gitRemote = z.string().superRefine((text, context) => {
  const problem = problemOfRemote(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** A full object name, SHA-1 or SHA-256. */
export const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u, 'is no full object name of git')

function isSafeSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && segment.toLowerCase() !== '.git'
}
