import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** sysexits EX_SOFTWARE: the screen died of a fault of its own. */
export const CRASH_EXIT_CODE = 70

/** Keeps the stack for a report and returns the one line that goes to the normal screen. */
export function writeCrash(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
  at: string,
): { readonly line: string; readonly file: string | null } {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = error instanceof Error ? error.message : String(error)
  const file = save(text, env, at)
  const where = file === null ? '' : ` Details: ${file}`
  return { line: `bagboy-tui: the screen failed: ${firstLine(message)}.${where}`, file }
}

function save(text: string, env: Readonly<Record<string, string | undefined>>, at: string): string | null {
  const folder = stateFolder(env)
  if (folder === undefined) return null
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, `crash-${at.replaceAll(/[^0-9TZ]/gu, '')}.txt`)
    writeFileSync(file, `${at}\n${text}\n`, { mode: 0o600 })
    return file
  } catch {
    // A full or read-only disk must not hide the crash itself: the line is printed without a file.
    return null
  }
}

function stateFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const state = env['XDG_STATE_HOME']
  if (state !== undefined && state !== '') return join(state, 'bagboy-tui')
  const home = env['HOME']
  return home === undefined || home === '' ? undefined : join(home, '.local', 'state', 'bagboy-tui')
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/\.$/u, '')
}
