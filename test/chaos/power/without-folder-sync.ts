import * as fs from 'node:fs/promises'
import type { FileSystem } from '../../../src/platform/node/files/file-system.ts'

/** The real file system, whose folders say they were made durable and were not. */
export function withoutFolderSync(): FileSystem {
  return new Proxy(fs, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'open') return member
      return async (...values: Parameters<typeof fs.open>) => {
        const file = await fs.open(...values)
        if (!(await file.stat()).isDirectory()) return file
        return Object.assign(file, { sync: () => Promise.resolve() })
      }
    },
  })
}
