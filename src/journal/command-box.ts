import { dirname, join } from 'node:path'
import { z } from 'zod'
import { DEPLOY_COMMANDS, type DeployCommand } from '../domain/traffic/deploy-plan.ts'
import { parseJson } from '../domain/text/parse-json.ts'
import type { Files } from '../platform/platform.ts'
import type { KeyRing } from '../signing/key-ring.ts'
import { originOf, type RunOrigin } from './run-origin.ts'
import { ifReadable } from '../platform/unreadable.ts'
import type { DeployPosition } from '../events/deploy-view.ts'

/** The commands for a deploy that another process works on. */
export interface GivenCommand {
  /** ULID: sorts by time; each counts once. */
  readonly id: string
  readonly command: DeployCommand
  readonly by: string
  readonly reason: string
  /** What it was decided about. */
  readonly place: DeployPosition
}

/** A command as it was found, with whose it is. */
export interface ReceivedCommand extends GivenCommand {
  readonly origin: RunOrigin
}

/**
 * How one process sends a command to another: a signed file beside the journal, written once and never changed. Whether
 * it was carried out stands in the journal. It survives its sender and its receiver.
 */
export interface CommandBox {
  /** Durable when it settles. */
  post(run: string, given: GivenCommand): Promise<void>
  /** Withdraws a command; nothing happens when it is gone. */
  withdraw(run: string, id: string): Promise<void>
  /** All that were ever posted and can be read, oldest first. */
  read(run: string): Promise<readonly ReceivedCommand[]>
}

const MAX_BYTES = 64 * 1024
const NAME = /^(?<id>[0-9A-Z]{26})\.command\.json$/u
const place = z.object({ position: z.number(), askedSeq: z.number() })
const schema = z.object({
  command: z.enum(DEPLOY_COMMANDS),
  by: z.string(),
  reason: z.string(),
  place,
  signature: z.object({ key: z.string(), value: z.string() }).nullable().default(null),
})

interface BoxParts {
  readonly files: Files
  readonly keys: KeyRing
  /** `.bagboy/deploys`, absolute. */
  readonly folder: string
}

const nameOf = (id: string): string => `${id}.command.json`

export function createCommandBox(box: BoxParts): CommandBox {
  const { files, keys, folder } = box
  return {
    async post(run, given) {
      const key = await keys.own()
      const value = key.sign(await commandMessage(box, run, given))
      const { id, ...body } = given
      const text = JSON.stringify({ ...body, signature: { key: key.id, value } })
      await files.createExclusive(join(folder, run, nameOf(id)), new TextEncoder().encode(`${text}\n`))
    },
    withdraw: (run, id) => files.remove(join(folder, run, nameOf(id))),
    async read(run) {
      const names = await files.list(join(folder, run))
      const given = await Promise.all(names.map((name) => readCommand(box, run, name)))
      return given.filter((one) => one !== undefined)
    },
  }
}

/** What is no command is passed over; one that is not signed by a key that counts is found, and refused by who hears it. */
async function readCommand(box: BoxParts, run: string, name: string): Promise<ReceivedCommand | undefined> {
  const id = NAME.exec(name)?.groups?.['id']
  const bytes = id === undefined ? undefined : await ifReadable(box.files.read(join(box.folder, run, name), MAX_BYTES))
  if (id === undefined || !bytes) return undefined
  const parsed = schema.safeParse(parseJson(new TextDecoder().decode(bytes)))
  if (!parsed.success) return undefined
  const { signature, ...body } = parsed.data
  const given = { id, ...body }
  return { ...given, origin: await originOf(box.keys, await commandMessage(box, run, given), signature) }
}

/** What is signed: the command for this deploy in this folder. */
async function commandMessage(
  { files, folder }: BoxParts,
  run: string,
  { id, command, by, reason, place: { position, askedSeq } }: GivenCommand,
): Promise<string> {
  const state = dirname(folder)
  const location = (await files.realPath(state)) ?? state
  return JSON.stringify(['bagboy-tui command 1', location, run, id, command, by, reason, position, askedSeq])
}
