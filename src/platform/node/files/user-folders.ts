import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { UserFolders } from '../../platform.ts'

const NAME = 'bagboy-tui'

/**
 * The folders of the XDG Base Directory Specification, which asks that relative values are ignored; on Windows those
 * below `%LOCALAPPDATA%`. Nothing is created here.
 */
export function userFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const home = homedir()
  const local = process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined
  const folder = (variable: string, fallback: string, windowsName: string): string => {
    const given = env[variable]
    if (given !== undefined && isAbsolute(given)) return join(given, NAME)
    return local === undefined ? join(home, fallback, NAME) : join(local, NAME, windowsName)
  }
  return {
    config: folder('XDG_CONFIG_HOME', '.config', 'config'),
    state: folder('XDG_STATE_HOME', join('.local', 'state'), 'state'),
    cache: folder('XDG_CACHE_HOME', '.cache', 'cache'),
  }
}
