import { createNodeExec } from '../../src/platform/node/programs/exec.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import type { Platform } from '../../src/platform/platform.ts'

/** The real platform in an environment of its own: nothing of this machine's settings is seen. */
export function platformWith(env: Readonly<Record<string, string>>): Platform {
  const known = { PATH: process.env['PATH'] ?? '', BAGBOY_TRUST: '1', ...env }
  return { ...createNodePlatform(), env: known, exec: createNodeExec(known) }
}
