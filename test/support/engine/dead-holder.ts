import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes the claim of a process of this machine that has ended. @returns its epoch */
export function aDeadHolder(folder: string, epoch = 7): number {
  const { pid } = spawnSync('true')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, `${String(epoch).padStart(10, '0')}.json`),
    JSON.stringify({
      epoch,
      who: 'alice',
      host: hostname(),
      pid,
      processStart: '1',
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      pidSpace: readlinkSync('/proc/self/ns/pid'),
      run: '01JDXA7Q2M3N4P5R6S7T8V9WXY',
      purpose: 'rollback to v1.2.0',
      since: '2026-11-23T10:00:00.000Z',
    }),
  )
  return epoch
}
