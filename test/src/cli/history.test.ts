import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aConfig, cli } from '../../support/harness/cli-harness.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../support/engine/engine-fixture.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** v1.3.0 was rolled back to v1.2.0, for real; the history has four commits. */
async function rolledBack(): Promise<EngineFixture> {
  const folder = temporaryFolder('repair')
  mkdirSync(join(folder, '.bagboy'))
  writeFileSync(join(folder, '.bagboy/deployment-history.yml'), '# What was deployed.\ndeployments: []\n')
  const fixture = await createEngineFixture({ folder })
  const { exitCode } = await fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover).result
  expect(exitCode).toBe(0)
  return fixture
}

const fileOf = ({ folder }: EngineFixture) => join(folder, '.bagboy', 'deployment-history.yml')
const textOf = (fixture: EngineFixture) => readFileSync(fileOf(fixture), 'utf8')
/** In a process of its own: nothing of what an earlier one knew. */
const run = async ({ folder, world }: EngineFixture, argv: readonly string[], typed?: readonly string[]) => {
  const { engine } = await createEngineFixture({ folder, world, seedIfEmpty: false })
  return cli(argv, {
    openApp: () => Promise.resolve({ engine, config: aConfig() }),
    ...(typed ? { isTerminal: true, typed } : {}),
  })
}
const newestRecord = ({ folder }: EngineFixture) =>
  join(
    folder,
    '.bagboy',
    'rev',
    readdirSync(join(folder, '.bagboy', 'rev'))
      .toSorted()
      .at(-1) ?? '',
  )

describe('history verify', () => {
  test('of a history that is whole says so, with what it looked at', async () => {
    const fixture = await rolledBack()

    const { exitCode, stdout } = await run(fixture, ['history', 'verify'])

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/✓ +deployment-history\.yml +4 deployments, revision 4/u)
    expect(stdout).toMatch(/✓ +revisions +records 1 to 4 follow from each other/u)
    expect(stdout).toMatch(/✓ +backups +\d+ copies; revision 4 can be made again from them/u)
    expect(stdout).toMatch(/✓ +runs +1 of 1 journals read to their end/u)
    expect(stdout).toContain('Nothing is wrong.')
  })

  test.each<[string, (fixture: EngineFixture) => void, RegExp]>([
    ['the file is empty', (fixture) => writeFileSync(fileOf(fixture), ''), /✗ +deployment-history\.yml .*is empty/u],
    [
      'a record is missing',
      ({ folder }) => rmSync(join(folder, '.bagboy/rev/0000000002.json')),
      /record 2 is missing/u,
    ],
    [
      'a record is damaged',
      (fixture) => writeFileSync(newestRecord(fixture), readFileSync(newestRecord(fixture), 'utf8').replace('a', 'b')),
      /0000000004\.json is damaged/u,
    ],
    [
      'a journal is damaged',
      ({ folder }) => {
        const closed = join(folder, '.bagboy/runs/closed')
        const journal = join(closed, readdirSync(closed)[0] ?? '', 'journal.jsonl')
        writeFileSync(journal, readFileSync(journal, 'utf8').replace('"step.intent"', '"step.intenT"'))
      },
      /✗ +run [0-9A-Z]{26} .*the record does not follow/u,
    ],
  ])('finds out that %s', async (_title, damage, message) => {
    const fixture = await rolledBack()
    damage(fixture)

    const { exitCode, stdout } = await run(fixture, ['history', 'verify'])

    expect(exitCode).toBe(4)
    expect(stdout).toMatch(message)
  })
})

describe('history repair', () => {
  test('of a history that can be read changes nothing', async () => {
    const fixture = await rolledBack()
    const before = textOf(fixture)

    const { exitCode, stdout } = await run(fixture, ['history', 'repair', '--yes'])

    expect([exitCode, stdout]).toEqual([0, 'Nothing to repair: 4 deployments.\n'])
    expect(textOf(fixture)).toBe(before)
  })

  test.each<[string, (text: string) => string]>([
    ['emptied', () => ''],
    ['cut off in the middle of a word', (text) => text.slice(0, -300)],
    ['cut down to its first entry', (text) => text.slice(0, text.indexOf('  - id: 3'))],
    ['overwritten with something else', () => 'not: a history\n'],
  ])('of a file that was %s brings back what was committed, to the byte', async (_title, damage) => {
    const fixture = await rolledBack()
    const whole = textOf(fixture)
    writeFileSync(fileOf(fixture), damage(whole))

    const { exitCode, stdout, stderr } = await run(fixture, ['history', 'repair', '--yes'])

    expect([exitCode, stdout], stderr).toEqual([0, expect.stringContaining('Repaired: 4 deployments can be read.')])
    expect(textOf(fixture)).toBe(whole)
    expect((await run(fixture, ['history', 'verify'])).exitCode).toBe(0)
  })

  test('of a file that is gone brings it back', async () => {
    const fixture = await rolledBack()
    const whole = textOf(fixture)
    rmSync(fileOf(fixture))

    await run(fixture, ['history', 'repair', '--yes'])

    expect(textOf(fixture)).toBe(whole)
  })

  test('keeps what a person wrote into the other entries when one of them is broken, and names the line', async () => {
    const fixture = await rolledBack()
    const edited = textOf(fixture)
      .replace('version: "v1.1.0"', 'version: "v1.1.0" # the first one')
      .replace(/(id: 3\n[^]*?)commit: "([^"]*)"/u, '$1commit: "$2')
    writeFileSync(fileOf(fixture), edited)
    const line = edited.split('\n').findIndex((text) => text.includes('- id: 3')) + 1

    const shown = await run(fixture, ['history', 'repair', '--dry-run', '--detailed-exitcode'])
    const untouched = textOf(fixture)
    const { exitCode } = await run(fixture, ['history', 'repair'], ['y'])

    expect(shown.exitCode).toBe(3)
    expect(shown.stdout).toContain(`deployment-history.yml:${line}: an entry of deployments`)
    expect(shown.stdout).toMatch(/^-.*commit: "[^"]*$/mu)
    expect(untouched).toBe(edited)
    expect(exitCode).toBe(0)
    expect(textOf(fixture)).toContain('# the first one')
    expect((await fixture.readHistory()).deployments.map(({ id }) => id)).toEqual([4, 3, 2, 1])
  })

  test('of an unfinished git merge keeps both sides', async () => {
    const fixture = await rolledBack()
    const own = '  - id: 9\n    version: "v1.2.5"\n    timestamp: "2026-02-01T18:00:00Z"\n    status: "superseded"\n'
    const [head, ...rest] = textOf(fixture).split(/(?<=deployments:\n)/u)
    const [ours = '', others = ''] = rest.join('').split(/(?= {2}- id: 3)/u)
    writeFileSync(fileOf(fixture), `${head}<<<<<<< HEAD\n${ours}=======\n${own}>>>>>>> other\n${others}`)

    const refused = await run(fixture, ['versions', 'list'])
    const { exitCode } = await run(fixture, ['history', 'repair', '--yes'])

    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('an unfinished git merge')])
    expect(exitCode).toBe(0)
    expect((await fixture.readHistory()).deployments.map(({ id }) => id)).toEqual([4, 9, 3, 2, 1])
    expect(textOf(fixture)).not.toMatch(/<{7}|>{7}|={7}/u)
  })

  test('sets a damaged record aside, and the history goes on', async () => {
    const fixture = await rolledBack()
    const whole = textOf(fixture)
    const record = newestRecord(fixture)
    writeFileSync(record, readFileSync(record, 'utf8').replace('a', 'b'))

    const { exitCode, stderr } = await run(fixture, ['history', 'repair', '--yes'])

    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('record 4 of .bagboy/rev is set aside as damaged')])
    expect(textOf(fixture)).toBe(whole)
    expect((await run(fixture, ['history', 'verify'])).exitCode).toBe(0)
  })

  test('without records brings back the newest copy, and says what is missing', async () => {
    const fixture = await rolledBack()
    rmSync(join(fixture.folder, '.bagboy/rev'), { recursive: true })
    writeFileSync(fileOf(fixture), '')

    const { exitCode, stderr } = await run(fixture, ['history', 'repair', '--yes'])

    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('what revision 4 and later ones changed')])
    expect((await fixture.readHistory()).deployments.map(({ version }) => version)).toEqual([
      'v1.3.0',
      'v1.2.0',
      'v1.1.0',
    ])
  })

  test('without records and copies makes it again from the journals of the runs, and says what is missing', async () => {
    const fixture = await rolledBack()
    for (const name of ['deployment-history.yml', 'rev', 'backups']) {
      rmSync(join(fixture.folder, '.bagboy', name), { recursive: true })
    }
    writeFileSync(fileOf(fixture), 'deployments: {')

    const { exitCode, stderr } = await run(fixture, ['history', 'repair', '--yes'])

    const { deployments, held } = await fixture.readHistory()
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('the journals of 1 finished runs')])
    expect(stderr).toContain('deployments that no run was about')
    expect(deployments.map(({ version, status }) => [version, status])).toEqual([
      ['v1.2.0', 'active'],
      ['v1.3.0', 'rolled_back_from'],
      ['v1.2.0', 'superseded'],
    ])
    expect(held.map(({ version }) => version)).toEqual(['v1.3.0'])
  })

  test('with nothing left to make it from says why it cannot be read, and changes nothing', async () => {
    const fixture = await createEngineFixture()
    for (const name of ['rev', 'backups']) rmSync(join(fixture.folder, '.bagboy', name), { recursive: true })
    writeFileSync(fileOf(fixture), 'deployments: {')

    const { exitCode, stderr } = await run(fixture, ['history', 'repair', '--yes'])

    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/deployment-history\.yml:1:\d+/u)])
    expect(textOf(fixture)).toBe('deployments: {')
  })

  test('is not written over a file that somebody saved meanwhile', async () => {
    const fixture = await rolledBack()
    writeFileSync(fileOf(fixture), '')
    const { engine } = await createEngineFixture({ ...fixture, seedIfEmpty: false })
    const proposal = await engine.proposeRepair()
    writeFileSync(fileOf(fixture), '# mine\n')

    const refused = proposal && (await engine.acceptRepair(proposal).catch((error: unknown) => error))

    expect(refused).toMatchObject({ code: 'HISTORY_CHANGED' })
    expect(textOf(fixture)).toBe('# mine\n')
  })
})
