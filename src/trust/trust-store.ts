import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../domain/text/parse-json.ts'
import type { Platform } from '../platform/platform.ts'

const record = z.strictObject({
  v: z.literal(1),
  /** The configuration file, without links. */
  file: z.string(),
  /** Whose the folder was; `null` where the system has no such thing. */
  owner: z.int().nullable(),
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  /** The lines of the parts, to say later what is new. */
  lines: z.array(z.string()),
  at: z.string(),
  source: z.enum(['answer', 'first-record']),
})
export type TrustRecord = z.infer<typeof record>

type StorePlatform = Pick<Platform, 'files' | 'userFolders'>

/** What this user trusts, one file a project, in the state folder of the user and never in a project. */
export function openTrustStore({ files, userFolders }: StorePlatform) {
  const folder = join(userFolders.state, 'trust')
  const pathOf = (file: string): string =>
    join(folder, `${createHash('sha256').update(file).digest('hex').slice(0, 32)}.json`)
  const readAt = async (path: string): Promise<TrustRecord | undefined> => {
    const bytes = await files.read(path)
    const parsed = record.safeParse(bytes && parseJson(bytes))
    // A damaged one counts as none: the question is asked again.
    return parsed.success && pathOf(parsed.data.file) === path ? parsed.data : undefined
  }
  return {
    /** The file that says whether a configuration file is trusted. */
    pathOf,
    read: (file: string): Promise<TrustRecord | undefined> => readAt(pathOf(file)),
    async write(given: TrustRecord): Promise<void> {
      await files.makeFolder(folder)
      await files.replace(pathOf(given.file), new TextEncoder().encode(`${JSON.stringify(given)}\n`))
    },
    async list(): Promise<readonly TrustRecord[]> {
      const names = (await files.list(folder)).filter((name) => name.endsWith('.json'))
      const records = await Promise.all(names.map((name) => readAt(join(folder, name))))
      return records.filter((one) => one !== undefined).toSorted((a, b) => (a.file < b.file ? -1 : 1))
    },
    /** `false`: it was not trusted. */
    async revoke(file: string): Promise<boolean> {
      const isKnown = (await files.stat(pathOf(file))) !== undefined
      await files.remove(pathOf(file))
      return isKnown
    },
  }
}
