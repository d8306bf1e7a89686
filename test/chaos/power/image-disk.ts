import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export type FileSystemKind = 'ext4' | 'xfs' | 'btrfs'

/** The smallest each of them can be made. */
const SIZE_MIB: Readonly<Record<FileSystemKind, number>> = { ext4: 64, xfs: 320, btrfs: 128 }
const HOST_MIB = 2048
const FORMAT: Readonly<Record<FileSystemKind, readonly string[]>> = {
  ext4: ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
  xfs: ['-q', '-f'],
  btrfs: ['-q', '-f'],
}
/** The copy has the identity of what it was copied from, which is still mounted. */
const MOUNT_COPY: Readonly<Record<FileSystemKind, string>> = { ext4: 'loop', xfs: 'loop,nouuid', btrfs: 'loop' }

/** A file system on a block image whose power can be cut again and again: a copy of the image is what a disk is then. */
export interface ImageDisk {
  /** Where it is mounted. */
  readonly folder: string
  /** What the disk holds in this moment, mounted as after a power cut; give it back before the next one. */
  cut(): { readonly folder: string; giveBack(): void }
  close(): void
}

/** Why images cannot be mounted here; `undefined` when they can. */
export function whyNoImages(kind: FileSystemKind): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount an image'
  for (const program of ['mkfs.xfs', `mkfs.${kind}`, 'losetup', 'mount']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`
  }
  return spawnSync('losetup', ['-f']).status === 0 ? undefined : 'there are no loop devices'
}

/**
 * The image stands on an xfs of its own, which can copy it in one moment: the copy holds every write the disk had
 * taken by then and none that came later.
 */
export function makeImageDisk(kind: FileSystemKind): ImageDisk {
  const folder = temporaryFolder('power')
  const [host, disk, copy] = ['host', 'disk', 'copy'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [host, disk, copy]) mkdirSync(path)
  const mounted: string[] = []
  const mount = (options: string, image: string, place: string): void => {
    run('mount', '-o', options, image, place)
    mounted.push(place)
  }
  const unmount = (place: string): void => {
    run('umount', place)
    mounted.splice(mounted.indexOf(place), 1)
  }
  const close = (): void => {
    for (const place of mounted.toReversed()) unmount(place)
    rmSync(folder, { recursive: true })
  }
  try {
    mount('loop', makeImage(join(folder, 'host.img'), HOST_MIB, 'xfs', ['-q', '-m', 'reflink=1']), host)
    const image = makeImage(join(host, 'disk.img'), SIZE_MIB[kind], kind, FORMAT[kind])
    mount('loop', image, disk)
    return {
      folder: disk,
      close,
      cut() {
        run('cp', '--reflink=always', image, join(host, 'copy.img'))
        mount(MOUNT_COPY[kind], join(host, 'copy.img'), copy)
        return { folder: copy, giveBack: () => unmount(copy) }
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

function makeImage(path: string, sizeMib: number, kind: FileSystemKind, options: readonly string[]): string {
  writeFileSync(path, '')
  truncateSync(path, sizeMib * 1024 * 1024)
  run(`mkfs.${kind}`, ...options, path)
  return path
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}
