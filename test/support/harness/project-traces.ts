import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writesIn } from '../servers/fault-proxy.ts'
import type { Project } from '../projects/project.ts'

/** What the program has written to all registries, once for each time. */
export function writesOf({ registries }: Project): readonly string[] {
  return Object.values(registries.proxies).flatMap(({ requests }) => writesIn(requests))
}

/** A hash of everything the project keeps, but for the locks and what is only derived. */
export function fingerprint({ root }: Project): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(join(root, '.bagboy'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (/^(?:cache|locks)(?:\/|$)/u.test(name)) continue
    const path = join(root, '.bagboy', name)
    hash.update(name).update(statSync(path).isFile() ? readFileSync(path) : '')
  }
  return hash.digest('hex')
}
