import { z, type ZodType } from 'zod'
import type { Effect } from '../../domain/plan.ts'
import { gitBranch, gitPath, gitRemote } from '../../git/git-names.ts'
import { secretReference } from '../../platform/secret.ts'

/** A registry that is a git repository with one file per package: what users follow is the file at the branch's head. */
export interface PointerFileFormat {
  readonly format: string
  readonly title: string
  readonly effect: Effect
  /** Where the file of a package usually is, the likeliest first. */
  readonly pathsOf: (name: string) => readonly [string, ...string[]]
  /** Folders in which it may be at any depth. */
  readonly folders: readonly string[]
  /** Which of these files of a repository clients take for the package's, the one they prefer first. Pure. */
  readonly filesOf: (name: string, paths: readonly string[]) => readonly string[]
  /** What a file at this path is to clients, where there are several kinds: a formula, a cask. Pure. */
  readonly kindOfPath?: (path: string) => string | undefined
  readonly kindOfText?: (text: string) => string | undefined
  /** The version a file's text stands for, bare; `undefined` when it cannot be told. Pure. */
  readonly parseVersion: (text: string) => string | undefined
  /** Every version that a text has for any platform, where there may be several. Pure. */
  readonly versionsOf?: (text: string) => readonly string[]
  /**
   * The old text, changed so that clients also go down to it from the text that is served; `undefined` when this kind
   * of text needs or knows no such thing. Pure.
   */
  readonly lowerClients?: (old: string, served: string) => string | undefined
}

export interface PointerFileOptions {
  readonly remote?: string | undefined
  readonly branch?: string | undefined
  readonly path?: string | undefined
  readonly via: 'git'
  readonly credentials: string
  readonly bump_version_scheme?: boolean | undefined
}

const via = z
  .enum(['git', 'github'])
  .default('git')
  .refine((value) => value === 'git', 'via: github needs the github driver, which is not there yet; use via: git')
  .transform(() => 'git' as const)

/** The keys all of these registries have. */
export const POINTER_FILE_OPTIONS = {
  remote: gitRemote.optional(),
  branch: gitBranch.optional(),
  path: gitPath.optional(),
  via,
  credentials: z.union([z.literal('git'), secretReference]).default('git'),
} satisfies Record<string, ZodType>
