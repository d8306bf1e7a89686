import { plural } from '../../../view/plural.ts'
import { resolve } from 'node:path'
import type { Hold } from '../../../domain/deployment.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { renderJson } from '../../json.ts'
import { runVersionsMark } from './mark.ts'

/** What a CI job reads before it ships a version. Additions only. */
interface ExportedHolds {
  readonly schema: 1
  readonly app: string
  readonly environment: string
  readonly held: readonly Hold[]
}

/** Holds a version, or exports the held versions. */
export async function runVersionsHold(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  const file = options.text('export')
  if (file !== '' && args[0] === undefined) return exportHolds(invocation, file)
  if (file === '' && args[0] !== undefined) return runVersionsMark('hold', invocation)
  throw new BagboyError('USAGE', 'versions hold takes either a version to hold or --export FILE.', {
    hint: 'Hold one: bagboy-tui versions hold v1.3.0 --reason TEXT. Export all of them: bagboy-tui versions hold --export holds.json',
  })
}

async function exportHolds({ open, output, platform, projectOptions }: Invocation, file: string): Promise<number> {
  const { engine } = await open()
  const { app, environment, history } = await engine.overview()
  const now = platform.clock.now()
  const held = history.held.filter(({ until }) => until === undefined || until > now)
  const exported: ExportedHolds = { schema: 1, app, environment, held }
  const path = resolve(projectOptions.cwd, file)
  await platform.files.replace(path, new TextEncoder().encode(renderJson(exported)))
  await output.answer({ file: path, ...exported }, () => [
    { text: `${plural(held.length, 'version is', 'versions are')} held: ${path}`, tone: 'ok' },
    ...held.map(({ version, reason }) => `  ${version}  ${reason}`),
  ])
  return EXIT.ok
}
