import { delimiter, dirname, join } from 'node:path'
import type { Files, Platform } from '../../platform/platform.ts'

/** Where npm, as the user would start it, keeps what is not the user's. */
export interface NpmProgram {
  /** The settings that came with npm; `undefined` when it is not known where npm is. */
  readonly builtinFile: string | undefined
  /** Holds `etc/npmrc`, unless a setting names another one; `undefined` as above. */
  readonly prefix: string | undefined
  /** There is an `npm`, but what it leads to is not npm itself: a version manager stands in front of it. */
  readonly isShim: boolean
}

const PROGRAM = /[\\/]bin[\\/]npm(?:-cli\.js)?$/u

/** Finds npm by looking at files; nothing is run. */
export async function findNpmProgram({ env, files }: Pick<Platform, 'env' | 'files'>): Promise<NpmProgram> {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const npm = await firstOf(folders, ['npm'], files)
  const home = npm !== undefined && PROGRAM.test(npm) ? dirname(dirname(npm)) : undefined
  const isNpm = home !== undefined && (await files.stat(join(home, 'package.json'))) !== undefined
  const node = await firstOf(folders, ['node', 'node.exe'], files)
  return {
    builtinFile: isNpm ? join(home, 'npmrc') : undefined,
    prefix: isNpm && node !== undefined ? prefixOf(node, env) : undefined,
    isShim: npm !== undefined && !isNpm,
  }
}

/** The first of these programs on the path, without links. */
async function firstOf(folders: readonly string[], names: readonly string[], files: Files) {
  for (const folder of folders) {
    for (const name of names) {
      const path = await files.realPath(join(folder, name)).catch(() => undefined)
      if (path !== undefined) return path
    }
  }
  return undefined
}

/** Of the Node that runs npm. */
function prefixOf(node: string, env: Platform['env']): string {
  if (env['PREFIX']) return env['PREFIX']
  if (node.endsWith('.exe')) return dirname(node)
  const prefix = dirname(dirname(node))
  return env['DESTDIR'] ? join(env['DESTDIR'], prefix) : prefix
}
