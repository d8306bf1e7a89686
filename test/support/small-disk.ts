import { spawnSync } from 'node:child_process'
import { temporaryFolder } from './temporary-folder.ts'

export interface SmallDisk {
  readonly folder: string
  unmount(): void
}

/** A real file system of `sizeKib` KiB in memory; `undefined` when this user may not mount one. */
export function mountSmallDisk(sizeKib: number): SmallDisk | undefined {
  const folder = temporaryFolder('small-disk')
  const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k,mode=700`, 'tmpfs', folder])
  if (mounted.status !== 0) return undefined
  return { folder, unmount: () => void spawnSync('/bin/umount', [folder]) }
}
