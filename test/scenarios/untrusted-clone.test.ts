import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtProgram, runProgram } from '../support/built-program.ts'
import { plantClone, SECRET, type PlantedClone } from '../support/planted-clone.ts'
import { openTerminal } from '../support/pty.ts'
import { startRecordingSink, type RecordingSink } from '../support/recording-sink.ts'

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
