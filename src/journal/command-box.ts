import { join } from 'node:path'
import { z } from 'zod'
import { DEPLOY_COMMANDS, type DeployCommand } from '../domain/deploy-plan.ts'
import { parseJson } from '../domain/parse-json.ts'
import type { DeployPlace } from '../events/project-deploy.ts'
import type { Files } from '../platform/platform.ts'

/** What somebody told a deploy that another process works on. */
export interface GivenCommand {
  /** ULID: sorts by time; each counts once. */
  readonly id: string
  readonly command: DeployCommand
  readonly by: string
  readonly reason: string
  /** What it was decided about. */
  readonly place: DeployPlace
}

/**
 * How one process tells another something: a file beside the journal, written once and never changed. Whether it was
 * obeyed stands in the journal. It survives whoever wrote it and whoever should have read it.
 */
export interface CommandBox {
  /** Durable when it settles. */
  post(run: string, given: GivenCommand): Promise<void>
  /** Nobody has to obey it any more; nothing happens when it is gone. */
  withdraw(run: string, id: string): Promise<void>
  /** All that were ever posted and can be read, oldest first. */
  read(run: string): Promise<readonly GivenCommand[]>
}

const MAX_BYTES = 64 * 1024
const NAME = /^(?<id>[0-9A-Z]{26})\.command\.json$/u
const place = z.object({ position: z.number(), askedSeq: z.number() })
const schema = z.object({ command: z.enum(DEPLOY_COMMANDS), by: z.string(), reason: z.string(), place })

const nameOf = (id: string): string => `${id}.command.json`

export function createCommandBox({ files, folder }: { readonly files: Files; readonly folder: string }): CommandBox {
  return {
    async post(run, { id, ...given }) {
      const bytes = new TextEncoder().encode(`${JSON.stringify(given)}\n`)
      await files.createExclusive(join(folder, run, nameOf(id)), bytes)
    },
    withdraw: (run, id) => files.remove(join(folder, run, nameOf(id))),
    async read(run) {
      const names = await files.list(join(folder, run))
      const given = await Promise.all(names.map((name) => readCommand(files, join(folder, run), name)))
      return given.filter((one) => one !== undefined)
    },
  }
}

/** Anybody who may write there may tell it something; what is no command is nobody's. */
async function readCommand(files: Files, folder: string, name: string): Promise<GivenCommand | undefined> {
  const id = NAME.exec(name)?.groups?.['id']
  const bytes = id === undefined ? undefined : await files.read(join(folder, name), MAX_BYTES)
  if (id === undefined || !bytes) return undefined
  const parsed = schema.safeParse(parseJson(new TextDecoder().decode(bytes)))
  return parsed.success ? { id, ...parsed.data } : undefined
}
