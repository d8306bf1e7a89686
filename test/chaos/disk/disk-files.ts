import { dirname, join } from 'node:path'
import type { Files } from '../../../src/platform/platform.ts'
import { createMemoryFiles } from '../../support/memory-files.ts'
import type { Disk } from './effects.ts'

/** A disk as processes find it that start after the power is back. */
export async function openDisk(disk: Disk, root: string): Promise<Files> {
  const files = createMemoryFiles()
  await files.makeFolder(root)
  for (const [path, node] of disk.names) {
    const found = disk.nodes.get(node)
    const place = join(root, path)
    await files.makeFolder(found?.kind === 'folder' ? place : dirname(place))
    if (found?.kind === 'file') await files.replace(place, found.bytes)
  }
  return files
}
