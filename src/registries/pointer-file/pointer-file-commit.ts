import { z } from 'zod'
import { sanitize } from '../../domain/text/sanitize.ts'
import type { JsonObject } from '../../domain/text/json.ts'
import type { Action } from '../../domain/plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { ActContext } from '../driver.ts'
import { commitFiles } from '../../git/git-file.ts'
import { gitBranch, gitPath, objectId } from '../../git/git-names.ts'
import type { PointerFileOptions } from './pointer-file-format.ts'
import { openConnection } from './pointer-file-location.ts'

export const COMMIT_FILE = 'commit-file'

export const commitInput = z.strictObject({
  /** As shown; where it is pushed to says the configuration, and the two must agree. */
  remote: z.string(),
  /** `null`: what the remote's HEAD points at. */
  branch: gitBranch.nullable(),
  path: gitPath,
  version: z.string(),
  summary: z.string(),
  /** `null`: no file. */
  blob: objectId.nullable(),
  expected: objectId.nullable(),
  text: z.string().optional(),
  /** Other files of the package, in the same commit. */
  also: z.array(z.strictObject({ path: gitPath, blob: objectId.nullable(), expected: objectId.nullable() })).optional(),
})

/** Makes the action {@link commitFile} carries out. */
export function commitFileAction(title: string, input: z.infer<typeof commitInput> & JsonObject): Action {
  return { kind: 'custom', title, operation: COMMIT_FILE, input }
}

/** Commits the file and pushes it, on top of all that was pushed meanwhile. Idempotent. @throws REGISTRY_* */
export async function commitFile(input: JsonObject, context: ActContext<PointerFileOptions>): Promise<void> {
  const { remote, branch, path, blob, expected, text, summary, also = [] } = parseInput(input)
  const connection = await openConnection(context.subject.package, context)
  if (connection.remote.shown !== remote) {
    const [planned, configured] = [sanitize(remote, 200), sanitize(connection.remote.shown, 200)]
    throw new BagboyError(
      'REGISTRY_CONFLICT',
      `The plan was made for ${planned}, the configuration says ${configured}.`,
      {
        hint: 'Set remote: back, or make a new plan.',
      },
    )
  }
  await commitFiles(connection, {
    branch: branch ?? undefined,
    message: messageOf(summary, context.reason, context.key),
    changes: [{ path, blob, expected, text }, ...also],
  })
}

/** On lines of their own and free of control characters, so that a reason cannot pass for a trailer. */
function messageOf(summary: string, reason: string, key: string): string {
  const why = reason.trim() === '' ? '' : `${sanitize(reason.trim(), 1000)}\n\n`
  return `${sanitize(summary, 200)}\n\n${why}Bagboy-Op: ${key}\n`
}

function parseInput(input: JsonObject): z.infer<typeof commitInput> {
  const parsed = commitInput.safeParse(input)
  if (parsed.success) return parsed.data
  const problem = parsed.error.issues[0]
  const what = `${problem?.path.join('.') ?? ''} ${problem?.message ?? ''}`.trim()
  throw new BagboyError('PLAN_INVALID', `The action ${COMMIT_FILE} cannot be read: ${sanitize(what, 200)}.`, {
    hint: 'Make the plan again.',
  })
}
