import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The programs a command line has been through already: none of them gets it again. */
export const HANDED_ON_BY = 'BAGBOY_TUI_HANDED_ON_BY'

/**
 * The next `bagboy` on PATH that is neither this script nor one this command line has been through.
 * `undefined` when there is none.
 */
export function findGoBagboy(env: NodeJS.ProcessEnv, self: string): string | undefined {
  const excluded = new Set([realpathSync(self), ...(env[HANDED_ON_BY] ?? '').split(delimiter)])
  const names = process.platform === 'win32' ? ['bagboy.exe'] : ['bagboy']
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => isProgram(file) && !excluded.has(realpathSync(file)))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
