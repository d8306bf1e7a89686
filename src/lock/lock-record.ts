import type { LockHolder } from './lock.ts'

/** What stands in `<epoch>.json`: the holder without its beat, and the space its process id belongs to. */
export interface LockRecord extends Omit<LockHolder, 'lastBeat'> {
  readonly pidSpace: string
}

/** A file that says nothing understandable still is a claim: it is held by somebody unknown until it is broken. */
export function parseHolder(text: string, epoch: number): LockRecord {
  const fields = parseObject(text)
  const read = (name: string): string => {
    const value = fields[name]
    return typeof value === 'string' ? value : 'unknown'
  }
  const pid = fields['pid']
  return {
    epoch,
    who: read('who'),
    host: read('host'),
    pid: typeof pid === 'number' ? pid : 0,
    processStart: read('processStart'),
    bootId: read('bootId'),
    pidSpace: read('pidSpace'),
    run: read('run'),
    purpose: read('purpose'),
    since: read('since'),
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
