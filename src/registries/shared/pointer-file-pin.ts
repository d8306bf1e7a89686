import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../../domain/json.ts'
import { gitPath, objectId } from './git-names.ts'

/** The content a file had when a version was deployed. */
const filePin = z.object({
  path: gitPath,
  /** Of the blob. */
  sha: objectId,
  /** Of its content: a blob's own name is only a SHA-1. */
  blob_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
  /** A commit of the branch that has it. */
  commit: objectId.optional(),
})
export type FilePin = z.infer<typeof filePin>

/** `undefined` when it is not one of ours. */
export function parseFilePin(pin: Json): FilePin | undefined {
  return filePin.safeParse(pin).data
}

export function createFilePin(path: string, blob: string, content: Uint8Array, commit: string) {
  return { path, sha: blob, blob_sha256: sha256(content), commit } satisfies FilePin & Json
}

export function matchesPin({ blob_sha256 }: FilePin, content: Uint8Array): boolean {
  return blob_sha256 === undefined || blob_sha256 === sha256(content)
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** What git will call this text. @param like a name from the same repository: it tells which hash is in use */
export function blobName(text: string, like: string): string {
  const content = Buffer.from(text)
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex')
}

const filePointer = z.object({ files: z.record(gitPath, objectId.nullable()) })

/** The one file of a pointer and its blob. @throws ZodError for a pointer that is not ours */
export function parseFilePointer(pointer: Json): { readonly path: string; readonly blob: string | null } {
  const [file] = Object.entries(filePointer.parse(pointer).files)
  return z.object({ path: gitPath, blob: objectId.nullable() }).parse({ path: file?.[0], blob: file?.[1] })
}

/** Pure. */
export function pointerOfFilePin(pin: Json): Json {
  const parsed = parseFilePin(pin)
  return parsed ? { files: { [parsed.path]: parsed.sha } } : null
}
