import { join } from 'node:path'
import type { Files } from '../platform/platform.ts'

/** What is of one machine only; the history, its archive and what projects put there themselves are meant to be shared. */
const LOCAL = ['rev/', 'runs/', 'deploys/', 'locks/', 'backups/', 'cache/', '*.tmp', '*.damaged']

const MAX_BYTES = 1024 * 1024

/**
 * Keeps git from taking in what is of one machine only: completes the `.gitignore` of the folder, whose other lines stay as
 * they are. A line that takes one of them back (`!runs/`) is a decision of the project.
 */
export async function ignoreLocal(files: Files, folder: string): Promise<void> {
  const file = join(folder, '.gitignore')
  if (await files.createExclusive(file, encode(`${LOCAL.join('\n')}\n`))) return
  const text = Buffer.from((await files.read(file, MAX_BYTES)) ?? []).toString('utf8')
  const lines = new Set(text.split(/\r?\n/u).map((line) => line.trim().replace(/^[/!]+/u, '')))
  const missing = LOCAL.filter((name) => !lines.has(name) && !lines.has(name.replace(/\/$/u, '')))
  if (missing.length === 0) return
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  await files.replace(file, encode(`${text}${separator}${missing.join('\n')}\n`))
}

function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
