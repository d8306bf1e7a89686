import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { gitPath, objectId } from '../../git/git-names.ts'

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
  /** All files of the package, where it had more than this one. */
  files: z.record(gitPath, objectId).optional(),
  /** Its version could not be read: it was recorded by its content alone. */
  version: z.literal('unknown').optional(),
})
export type FilePin = z.infer<typeof filePin>

/** `undefined` when it is not one of ours. */
export function parseFilePin(pin: Json): FilePin | undefined {
  return filePin.safeParse(pin).data
}

export interface PinnedFile {
  readonly path: string
  readonly blob: string
  readonly content: Uint8Array
  readonly commit: string
}

export function createFilePin(
  { path, blob, content, commit }: PinnedFile,
  files: Readonly<Record<string, string>> = {},
): FilePin & JsonObject {
  const pin = { path, sha: blob, blob_sha256: sha256(content), commit }
  return Object.keys(files).some((other) => other !== path) ? { ...pin, files } : pin
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

export function isVersionUnknown(pin: Json): boolean {
  return parseFilePin(pin)?.version === 'unknown'
}
