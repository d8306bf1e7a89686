import type { Version } from '../../../src/domain/version.ts'
import { npm } from '../../../src/registries/npm/driver.ts'
import { publishNpmPackage } from '../../support/releases/publish-npm-package.ts'
import { missingVerdaccio, startVerdaccio, type Verdaccio } from '../../support/servers/real/verdaccio.ts'
import { clientOutput, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { createDriverStep } from './driver-step.ts'
import { elapsed, measureRounds } from '../measure.ts'
import { restoreNpm } from './restore-npm.ts'

const NAME = 'myapp'

export const npmTag: Benchmark = {
  name: 'npm-tag',
  title: 'A dist-tag',
  about: [
    'The npm driver moves `latest` on a real verdaccio and reads it back (inspect, plan, act, inspect; a new connection,',
    'nothing remembered), alone and together with the deprecation of the version that is left. Beside it the npm',
    'command does the same.',
  ].join('\n'),
  missing: missingVerdaccio,
  run: measureDistTag,
}

async function measureDistTag(): Promise<readonly Row[]> {
  const server = await startVerdaccio()
  try {
    for (const version of ['1.2.0', '1.3.0']) await publishNpmPackage(server, { name: NAME, version })
    const [tag, both] = [stepOn(server, false), stepOn(server, true)]
    const command = npmOn(server)
    const prepare = () => restoreNpm(server, NAME, '1.3.0')
    const timings = await measureRounds({
      tag: { prepare, run: () => elapsed(() => tag.rollBack()) },
      npmTag: { prepare, run: () => elapsed(() => tagWith(command)) },
      both: { prepare, run: () => elapsed(() => both.rollBack()) },
      npmBoth: { prepare, run: () => elapsed(() => withdrawWith(command)) },
    })
    const row = { goal: 'E4', ratio: 'faster', aim: '≥ 25' } as const
    const commands = '`npm dist-tag add`, `npm dist-tag ls`'
    return [
      { ...row, what: 'dist-tag moved and read back', ours: timings.tag, against: commands, other: timings.npmTag },
      {
        ...row,
        what: 'the same and the other version deprecated',
        ours: timings.both,
        against: `${commands}, \`npm deprecate\``,
        other: timings.npmBoth,
      },
    ]
  } finally {
    await server.close()
  }
}

function stepOn({ url, token }: Verdaccio, isDeprecating: boolean) {
  return createDriverStep({
    driver: npm,
    options: { token: '${env:NPM_TOKEN}', deprecate_bad: isDeprecating },
    env: { NPM_TOKEN: token },
    subject: {
      package: { format: 'npm', registry: url, name: NAME },
      from: { version: 'v1.3.0' as Version, pin: null },
      to: { version: 'v1.2.0' as Version, pin: null },
    },
  })
}

type Command = (...args: readonly string[]) => Promise<string>

function npmOn(server: Verdaccio): Command {
  const env = npmEnvironment(temporaryFolder('npm-command'), server, server.token)
  return (...args) => clientOutput('npm', args, { env })
}

async function tagWith(command: Command): Promise<void> {
  await command('dist-tag', 'add', `${NAME}@1.2.0`, 'latest')
  const seen = await command('dist-tag', 'ls', NAME)
  if (seen.trim() !== 'latest: 1.2.0') throw new Error(`npm sees ${seen}`)
}

async function withdrawWith(command: Command): Promise<void> {
  await tagWith(command)
  await command('deprecate', `${NAME}@1.3.0`, '1.3.0 was withdrawn; use 1.2.0 instead.')
}
