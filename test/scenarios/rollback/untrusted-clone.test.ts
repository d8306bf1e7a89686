import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtProgram, runProgram } from '../../support/harness/built-program.ts'
import { plantClone, SECRET, type PlantedClone } from '../../support/projects/planted-clone.ts'
import { pause } from '../../support/clocks/pause.ts'
import { plantRun } from '../../support/engine/plant-run.ts'
import { openTerminal, type Terminal } from '../../support/harness/pty.ts'
import { startRecordingSink, type RecordingSink } from '../../support/harness/recording-sink.ts'
import { until } from '../../support/clocks/until.ts'

/** Headers in which clients send what they were given. */
const TELLING = ['authorization', 'x-key', 'dd-api-key', 'dd-application-key']

/** Keys of the screens, with what stands in their frames. */
const SCREENS = [
  ['2', 'Checks'],
  ['3', 'Compare 1.0.0 ↔ 1.1.0'],
  ['4', 'Runs'],
  ['5', 'Prune'],
  ['6', 'Slots'],
  ['1', 'History'],
] as const

let sink: RecordingSink
let clone: PlantedClone
let program: string

beforeAll(async () => {
  program = builtProgram('bagboy-tui')
  sink = await startRecordingSink()
  clone = plantClone(sink.host)
})
afterAll(() => sink.close())

const run = (...argv: readonly string[]) => runProgram(program, argv, { cwd: clone.root, env: clone.env })

/** Requests that carry something of the user's, in plain text or in base64. */
function leaks(): readonly string[] {
  return sink.requests.flatMap(({ method, url, headers, body }) => {
    const sent = TELLING.filter((name) => headers[name] !== undefined)
    const isOpen = `${url}${JSON.stringify(headers)}${body}`.includes(SECRET)
    return sent.length > 0 || isOpen || method === 'PUT' ? [`${method} ${url} ${sent.join()}`] : []
  })
}

describe('in a clone that is not trusted', () => {
  test.each([
    [['status'], 6],
    [['status', '-o', 'json'], 6],
    [['health'], 0],
    [['health', '--gate'], 6],
    [['rollback', '1.0.0', '--dry-run'], 5],
    [['versions', 'list'], 0],
    [['versions', 'show', '1.0.0'], 0],
    [['versions', 'compare', '1.0.0', '1.1.0'], 0],
    [['config', 'check'], 0],
    [['lock', 'status'], 0],
    [['runs', 'list'], 0],
    [['history', 'verify'], 0],
    [['trust', '--show'], 0],
    [['traffic', 'status'], 9],
    [['record', '--version', '1.2.0'], 9],
    [['rollback', '1.0.0', '--yes', '--reason', 'bad'], 9],
    [['rollback', '--auto', '--reason', 'bad'], 9],
    [['deploy', '--version', '1.2.0', '--yes'], 9],
    [['traffic', 'switch', '--yes'], 9],
  ])('%j runs no program and sends no secret', async (argv, expected) => {
    const { exitCode, stdout, stderr } = await run(...argv)

    expect([clone.ran(), leaks()]).toEqual([[], []])
    expect(exitCode, stdout + stderr).toBe(expected)
    if (expected === 9) expect(stderr).toContain('bagboy-tui trust')
  })

  test('a check that would have to run a program is unknown, never failing', async () => {
    const { stdout } = await run('health', '-o', 'json')

    const text = JSON.stringify(JSON.parse(stdout))
    expect(text).toMatch(/This folder is not trusted: [^"]*health-words was not run/u)
    expect(JSON.parse(stdout)).toMatchObject({ health: 'unknown', failing: 0 })
  })

  test('a run that came along is not gone on with', async () => {
    const folder = join(clone.root, '.bagboy/runs/01JK8Q4Z7T5VXXXXXXXXXXXXXX')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'plan.json'), '{}')
    writeFileSync(join(folder, 'journal.jsonl'), '')

    const { exitCode } = await run('runs', 'resume', '01JK8Q4Z7T5VXXXXXXXXXXXXXX', '--yes')
    rmSync(folder, { recursive: true })

    expect([clone.ran(), leaks()]).toEqual([[], []])
    expect(exitCode).not.toBe(0)
  })

  test('the app asks, and looks at every screen without it', async () => {
    const terminal = openTerminal({
      command: process.execPath,
      args: [program],
      cwd: clone.root,
      env: clone.env,
      columns: 120,
      rows: 40,
    })
    await terminal.shows('Is this folder trusted?')
    await terminal.shows('Programs that would run')
    await terminal.press('esc')
    // Keys are taken once everything was read.
    await terminal.shows((screen) => screen.includes('─ History ') && screen.includes('8 of 8'))
    for (const [key, title] of SCREENS) {
      await terminal.press(key)
      await terminal.shows((screen) => screen.includes(`─ ${title} `) && screen.includes('NOT TRUSTED'))
    }
    await terminal.press('ctrl-c')
    await terminal.exitCode

    expect([clone.ran(), leaks()]).toEqual([[], []])
  })
})

describe('the way to a run in a clone that is not trusted', () => {
  let walked: PlantedClone
  let app: Terminal
  let planted: string
  let begun = 0

  beforeAll(async () => {
    walked = plantClone(sink.host)
    const own = { cwd: walked.root, env: walked.env }
    const file = join(walked.root, 'plan.json')
    // It is saved though checks block it.
    await runProgram(program, ['rollback', '1.0.0', '--plan-out', file], own)
    planted = await plantRun(walked.root, readFileSync(file, 'utf8'), sink.host)
    begun = sink.requests.length
    const overrides = ['--override', 'V02,V16,V19', '--reason', 'a look']
    app = openTerminal({
      ...own,
      command: process.execPath,
      args: [program, 'rollback', '1.0.0', ...overrides],
      columns: 120,
      rows: 40,
    })
    await app.shows('Is this folder trusted?')
    await app.press('esc')
  }, 120_000)
  afterAll(() => app.close())
  afterEach(() => {
    expect([walked.ran(), leaks()]).toEqual([[], []])
    expect(sink.requests.slice(begun).filter(({ method, url }) => method !== 'GET' && !isRead(url))).toEqual([])
  })

  /** A key that comes while the screen changes, or too soon behind a change of a dialog, does not count. */
  const pressUntil = (key: string, wanted: string) =>
    until(
      wanted,
      async () => {
        if (app.screen().includes(wanted)) return true
        await app.press(key)
        await pause(300)
        return app.screen().includes(wanted)
      },
      50_000,
    )

  test('plan, step, effects and checks say that nothing was read for want of trust, and what to do', async () => {
    await app.shows((screen) => screen.includes('─ Plan: 1.1.0 → 1.0.0') && screen.includes('NOT TRUSTED'))
    await app.shows('This folder is not')
    await app.press('enter')
    await app.shows((screen) => screen.includes('─ Step 1 of 8') && screen.includes('This folder is not trusted'))
    await app.press('esc')
    await app.shows('─ Plan: 1.1.0')
    await app.press('m')
    await app.shows('─ Effects: 1.1.0 → 1.0.0')
    await app.press('esc')
    await app.shows('─ Plan: 1.1.0')
    await app.press('b')
    await app.shows((screen) => screen.includes('Checks before anything moves') && screen.includes('bagboy-tui trust'))
    await app.press('esc')
    await app.shows('─ Plan: 1.1.0')
  })

  test('the run that is confirmed does not start, and its result names the command that decides', async () => {
    await app.press('X')
    await app.shows('Type 1.0.0 to confirm')
    await app.types('1.0.0')
    await pressUntil('tab', '[ Roll back ]')
    await pressUntil('enter', '─ Result ')

    await app.shows('The rollback did not start: this folder is not trusted.')
    await app.shows('bagboy-tui trust')
    await app.shows(/Exit code +9/u)
  })

  test('a run that came along is listed as foreign, and is not opened to go on with', async () => {
    await app.press('4')
    await app.shows((screen) => screen.includes('─ Runs ') && screen.includes('▲ foreign'))
    await app.press('enter')
    await app.shows(`The run ${planted} is not yours`)
    await pressUntil('1', '─ History ')
    await pressUntil('R', 'R: no run is open')
    await app.press('ctrl-c')
    await app.exitCode
  })
})

/** Posts that read: of git, and of a question to a metric source. */
const isRead = (url: string): boolean => url.endsWith('/git-upload-pack')

describe('in a clone that was trusted', () => {
  test('its programs run and its secrets are sent, as the question said', async () => {
    const shown = await run('trust', '--show')
    const { exitCode } = await run('trust', '--yes')
    await run('health')
    await run('status')
    await run('rollback', '1.0.0', '--dry-run')
    await run('traffic', 'status')

    expect(exitCode).toBe(0)
    expect(clone.ran()).toEqual(
      expect.arrayContaining([
        'health-shell',
        'health-words',
        'smoke',
        'schema',
        'traffic-status',
        'docker-credential-planted',
        'user-git-helper',
      ]),
    )
    // Of the clone's own repository no program runs, trusted or not.
    expect(clone.ran().filter((name) => /^(?:repo-(?!ssh|helper)|hook-|cache-)/u.test(name))).toEqual([])
    const sent = sink.requests.map(({ headers }) => JSON.stringify(headers)).join()
    for (const secret of ['-ENV', '-FILE', '-NPM', '-USER-NPMRC']) expect(sent).toContain(`${SECRET}${secret}`)
    for (const named of [
      'health-words',
      'traffic-switch',
      'smoke',
      'schema',
      'PLANTED_ENV',
      'PLANTED_NPM',
      'docker login',
    ]) {
      expect(shown.stdout).toContain(named)
    }
  })
})
