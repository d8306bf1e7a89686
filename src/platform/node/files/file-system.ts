import type * as fs from 'node:fs/promises'

/** The calls of `node:fs/promises` that are used, so that tests can let each of them fail. */
export type FileSystem = Pick<
  typeof fs,
  'open' | 'link' | 'rename' | 'unlink' | 'lstat' | 'readdir' | 'stat' | 'mkdir' | 'mkdtemp' | 'realpath' | 'rm'
>
