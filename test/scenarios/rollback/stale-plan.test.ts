import { afterEach, expect, test } from 'vitest'
import { builtProgram, runProgram } from '../../support/harness/built-program.ts'
import { formulaText, scoopText } from '../../support/releases/formula.ts'
import { APP, type FourRegistries } from '../../support/registries/four-registries.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { fingerprint, writesOf } from '../../support/harness/project-traces.ts'
import { openTerminal } from '../../support/harness/pty.ts'
import { publishImage } from '../../support/releases/publish-image.ts'
import { publishNpmPackage } from '../../support/releases/publish-npm-package.ts'

const program = builtProgram('bagboy-tui')
const projects: Project[] = []

afterEach(async () => {
  await Promise.all(projects.splice(0).map((project) => project.close()))
})

async function aProject(): Promise<Project> {
  const project = await createProject('local')
  projects.push(project)
  return project
}

const run = ({ root, env }: Project, ...argv: readonly string[]) => runProgram(program, argv, { cwd: root, env })

/** Somebody else publishes a version past us. */
const MOVES: readonly (readonly [string, (registries: FourRegistries) => unknown])[] = [
  ['docker', ({ image }) => publishImage(image, { version: '1.3.1', tags: ['1.3.1', 'latest', 'stable'] })],
  ['npm', ({ packages }) => publishNpmPackage(packages, { name: APP, version: '1.3.1' })],
  ['brew', ({ tap }) => tap.commit({ [`Formula/${APP}.rb`]: formulaText('1.3.1') }, 'hotfix')],
  ['scoop', ({ bucket }) => bucket.commit({ [`bucket/${APP}.json`]: scoopText('1.3.1') }, 'hotfix')],
]

/** Runs the plan, which has to be refused without a trace. */
async function expectRefused(project: Project, file: string, format: string): Promise<void> {
  const before = fingerprint(project)

  const applied = await run(project, 'apply', file, '--yes', '-o', 'json')

  expect(applied.exitCode, applied.stderr).toBe(10)
  expect(JSON.parse(applied.stdout)).toMatchObject({ error: { code: 'PLAN_STALE' }, exitCode: 10 })
  expect(applied.stderr).toContain(format)
  expect([writesOf(project), fingerprint(project)]).toEqual([[], before])
}

test.each(MOVES)(
  'a plan is stale once somebody else moved %s, and applying it changes nothing',
  async (format, move) => {
    const project = await aProject()
    const saved = await run(project, 'rollback', 'v1.2.0', '--plan-out', 'plan.json')
    expect(saved.exitCode, saved.stderr).toBe(0)

    await move(project.registries)

    await expectRefused(project, 'plan.json', format)
  },
)

test('a plan that was saved in the app is refused as strictly, by the very command the app has shown', async () => {
  const project = await aProject()
  const app = openTerminal({
    command: process.execPath,
    args: [program, 'rollback', 'v1.2.0'],
    cwd: project.root,
    env: project.env,
  })
  await app.shows('DRY RUN')
  await app.press('w')
  await app.shows(/To run it: bagboy-tui apply rollback-\w+\.json/u)
  const [, file = ''] = /apply (rollback-\w+\.json)/u.exec(app.screen()) ?? []
  await app.press('q')
  await app.shows((screen) => !screen.includes('DRY RUN'))
  await app.press('q')
  expect(await app.exitCode).toBe(0)

  const [, [, moveNpm] = []] = MOVES
  await moveNpm?.(project.registries)
  await expectRefused(project, file, 'npm')
})

test('a plan that is not stale is applied as it was reviewed', async () => {
  const project = await aProject()
  await run(project, 'rollback', 'v1.2.0', '--plan-out', 'plan.json')

  const applied = await run(project, 'apply', 'plan.json', '--yes', '-o', 'json')

  expect(applied.exitCode, applied.stderr).toBe(0)
  expect(JSON.parse(applied.stdout)).toMatchObject({ result: 'complete' })
})
