import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { createEagerClock, type EagerClock } from './eager-clock.ts'
import { createMemoryFiles } from '../memory-files.ts'

/** A machine whose time and disk cost nothing. */
export function eagerPlatform(): Platform & { readonly clock: EagerClock } {
  return { ...createNodePlatform(), clock: createEagerClock(), files: createMemoryFiles() }
}
