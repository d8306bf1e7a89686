import { dirname, join, relative, sep } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files, FileSharing } from '../platform/platform.ts'

/**
 * Files of a project whose folder for state cannot lead out of itself: a path at or below `folder` that a link takes
 * elsewhere is refused before it is read or written. A checkout may bring such links along. Other paths are as they were.
 * What is created in it is for those who may use the folder it is created in.
 */
export function containFiles(files: Files, folder: string): Files {
  let project: Promise<string | undefined> | undefined
  // Those who share a project share what is kept for it.
  const sharingOf = (path: string): FileSharing => (isAt(path, folder) ? 'group' : 'owner')
  async function inside(path: string): Promise<string> {
    if (!isAt(path, folder)) return path
    project ??= files.realPath(dirname(folder))
    const root = await project
    if (root !== undefined) await requireInside(files, { folder, project: root }, path)
    return path
  }
  return {
    ...files,
    read: async (path, maxBytes) => files.read(await inside(path), maxBytes),
    readStart: async (path, size) => files.readStart(await inside(path), size),
    list: async (path) => files.list(await inside(path)),
    stat: async (path) => files.stat(await inside(path)),
    makeFolder: async (path, sharing) => files.makeFolder(await inside(path), sharing ?? sharingOf(path)),
    replace: async (path, bytes, sharing) => files.replace(await inside(path), bytes, sharing ?? sharingOf(path)),
    createExclusive: async (path, bytes, sharing) =>
      files.createExclusive(await inside(path), bytes, sharing ?? sharingOf(path)),
    openAppend: async (path, sharing) => files.openAppend(await inside(path), sharing ?? sharingOf(path)),
    truncate: async (path, size) => files.truncate(await inside(path), size),
    rename: async (from, to) => files.rename(await inside(from), await inside(to)),
    remove: async (path) => files.remove(await inside(path)),
  }
}

interface Bounds {
  readonly folder: string
  /** The project's own folder, without links. */
  readonly project: string
}

/** @throws FILE_REFUSED */
async function requireInside(files: Files, { folder, project }: Bounds, path: string): Promise<void> {
  // What does not exist yet is created in the nearest folder that does.
  let existing = path
  let real = await files.realPath(existing)
  while (real === undefined && existing !== folder) {
    existing = dirname(existing)
    real = await files.realPath(existing)
  }
  if (real === undefined || real === join(project, relative(dirname(folder), existing))) return
  const root = (await files.realPath(folder)) ?? folder
  const isOut = existing === folder ? !isAt(real, project) : !isAt(real, root) || !isAt(root, project)
  if (!isOut) return
  throw new BagboyError(
    'FILE_REFUSED',
    `${sanitize(existing)} is a link or lies behind one that leads to ${sanitize(real)}.`,
    {
      hint: `What is kept for a project stays in ${sanitize(folder)}: look at the link (ls -l ${sanitize(existing)}) and remove it.`,
      details: { path: existing },
    },
  )
}

function isAt(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep)
}
