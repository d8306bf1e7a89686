import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { builtProgram } from '../../support/harness/built-program.ts'
import { APP } from '../../support/registries/four-registries.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { publishImage, readTagDigest } from '../../support/releases/publish-image.ts'
import { missingDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { missingVerdaccio } from '../../support/servers/real/verdaccio.ts'
import { clientOutput, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { elapsed, measureRounds } from '../measure.ts'
import { restoreNpm } from './restore-npm.ts'

const SCRIPT = join(import.meta.dirname, '../programs/four-registries.sh')

export const fourRegistries: Benchmark = {
  name: 'four-registries',
  title: 'Four registries, whole process',
  about: [
    'One headless rollback of a release on docker-registry, verdaccio and two git repositories over HTTP with a login,',
    'from the start of the process to its end: `bagboy-tui rollback v1.2.0 --yes`, with validation, journal, read-backs,',
    'sweep and history. Beside it a shell script with `skopeo`, `npm` and `git`, the four registries at once, one look',
    'at each in the end, and none of the rest (test/bench/programs/four-registries.sh).',
  ].join('\n'),
  missing: async () => missingDockerRegistry() ?? (await missingVerdaccio()),
  run: measureProject,
}

async function measureProject(): Promise<readonly Row[]> {
  const program = builtProgram('bagboy-tui')
  const project = await createProject('real', { versions: ['1.2.0', '1.3.0'] })
  try {
    const prepare = await rememberState(project)
    const env = await scriptEnvironment(project)
    const command = [program, 'rollback', 'v1.2.0', '--yes', '--reason', 'too many errors']
    const { ours, script } = await measureRounds({
      ours: {
        prepare,
        run: () =>
          proved(project, () => clientOutput(process.execPath, command, { cwd: project.root, env: project.env })),
      },
      script: {
        prepare,
        run: () => proved(project, () => clientOutput(SCRIPT, [], { cwd: temporaryFolder('script'), env })),
      },
    })
    return [
      {
        goal: 'E6',
        what: 'rollback of four registries, headless',
        ours,
        against: 'the script, in parallel',
        other: script,
        ratio: 'faster',
        aim: '≥ 3',
      },
    ]
  } finally {
    await project.close()
  }
}

/** @returns how all of it is put back to where it is now */
async function rememberState({ root, registries }: Project): Promise<() => Promise<void>> {
  const { image, packages, tap, bucket } = registries
  const [state, kept] = [join(root, '.bagboy'), temporaryFolder('kept')]
  cpSync(state, kept, { recursive: true })
  const heads = [tap, bucket].map((repository) => [repository, repository.head()] as const)
  return async () => {
    rmSync(state, { recursive: true })
    cpSync(kept, state, { recursive: true })
    for (const [repository, head] of heads) repository.git('update-ref', 'refs/heads/main', head)
    await publishImage(image, { version: '1.3.0', tags: ['latest', 'stable'] })
    await restoreNpm(packages, APP, '1.3.0')
  }
}

async function scriptEnvironment({ registries, env }: Project): Promise<Readonly<Record<string, string>>> {
  const { image, packages, proxies } = registries
  const [user = '', secret = ''] = (env['TAP_LOGIN'] ?? '').split(/:(.*)/su)
  const git = new URL(proxies.git.url)
  git.username = user
  git.password = encodeURIComponent(secret)
  const npm = { url: proxies.npm.url, host: proxies.npm.host }
  return {
    ...env,
    ...npmEnvironment(temporaryFolder('script-npm'), npm, packages.token),
    IMAGE: `${proxies.docker.host}/${image.repository}`,
    IMAGE_DIGEST: (await readTagDigest(image, '1.2.0')) ?? '',
    TAP: `${git.href}acme/homebrew-tap.git`,
    BUCKET: `${git.href}acme/scoop-bucket.git`,
  }
}

/** Time of `work`, which must have taken every registry back. */
async function proved({ registries }: Project, work: () => Promise<unknown>): Promise<number> {
  const durationMs = await elapsed(work)
  const { image, packages, tap, bucket } = registries
  const tags = await fetch(`${packages.url}/-/package/${APP}/dist-tags`)
  const wanted = await readTagDigest(image, '1.2.0')
  const served = {
    latest: (await readTagDigest(image, 'latest')) === wanted,
    stable: (await readTagDigest(image, 'stable')) === wanted,
    npm: ((await tags.json()) as { readonly latest: string }).latest === '1.2.0',
    tap: tap.read(`Formula/${APP}.rb`)?.includes('version "1.2.0"') ?? false,
    bucket: bucket.read(`bucket/${APP}.json`)?.includes('"version": "1.2.0"') ?? false,
  }
  const missed = Object.entries(served).flatMap(([name, isThere]) => (isThere ? [] : [name]))
  if (missed.length > 0) throw new Error(`not taken back: ${missed.join(', ')}`)
  return durationMs
}
