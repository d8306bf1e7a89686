import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { anHourLater } from '../support/clocks/an-hour-later.ts'
import { builtProgram } from '../support/harness/built-program.ts'
import { defaultApprover } from '../support/engine/engine-fixture.ts'
import { pause } from '../support/clocks/pause.ts'
import { printFigure } from '../support/servers/print-figure.ts'
import { createProject, type Project } from '../support/projects/project.ts'
import { openTerminal } from '../support/harness/pty.ts'
import { readPointers, type RegistryPointers } from '../support/registries/registry-pointers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openTmux } from '../support/harness/tmux.ts'
import { until } from '../support/clocks/until.ts'
import { isExhaustive } from '../support/effort.ts'

const ROUNDS = isExhaustive ? Number(process.env['BAGBOY_ROUNDS'] ?? 20) : 1
/** So that every phase lasts long enough to be met. */
const LATENCY_MS = 40
const GOOD = 'v1.2.0'
const DEADLINE_MS = 60_000

/** In the foreground of its terminal; what is around it survives the terminal and writes down how it ended. */
const WRAPPER = `trap : HUP
sh -c 'echo $$ > "$PID_FILE"; exec "$@"' sh "$@"
echo $? > "$CODE_FILE"`

/** Where a run stands; `preflight`: it holds the lock and has written nothing. */
const PHASES = ['preflight', 'validation', 'rollbackInProgress', 'verifying', 'rollbackComplete'] as const
const EVENTS = ['SIGHUP', 'a closed terminal', 'ctrl-z'] as const
/** Without the whole: what differs most. */
const SAMPLE = [
  { phase: 'rollbackInProgress', event: 'SIGHUP' },
  { phase: 'verifying', event: 'a closed terminal' },
  { phase: 'rollbackInProgress', event: 'ctrl-z' },
] as const
const CASES = isExhaustive ? PHASES.flatMap((phase) => EVENTS.map((event) => ({ phase, event }))) : SAMPLE
const PROGRAMS = ['the app', 'the command line'] as const
const TERMINALS = ['a pty', 'tmux'] as const

/** What both kinds of terminal can do. */
interface Terminal {
  shows(wanted: string | RegExp | ((screen: string) => boolean)): Promise<void>
  press(...keys: readonly string[]): Promise<void>
  types(text: string): Promise<void>
  close(): void
}

interface Started {
  readonly terminal: Terminal
  readonly pid: () => number
  /** `undefined` while it goes on. */
  readonly exitCode: () => number | undefined
}

interface World {
  readonly project: Project
  readonly engine: Engine
  readonly pointers: Readonly<Record<'bad' | 'good', RegistryPointers>>
}

async function createWorld(): Promise<World> {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'] })
  appendFileSync(join(project.root, 'bagboy.yaml'), '  lock: { ttl: 10s, heartbeat: 1s }\n')
  const platform = createNodePlatform()
  const env = { ...process.env, ...project.env }
  const { engine } = await openApp({ ...platform, env, clock: anHourLater(platform.clock) }, { cwd: project.root })
  const bad = await readPointers(project.registries)
  const world = { project, engine, pointers: { bad, good: bad } }
  const { exitCode, stderr } = await project.bagboy('rollback', GOOD, '--yes', '--reason', 'chaos')
  if (exitCode !== 0) throw new Error(`an undisturbed run ended with ${exitCode}: ${stderr}`)
  const good = await readPointers(project.registries)
  await back(world)
  return { ...world, pointers: { bad, good } }
}

/** To the bad version again, for the next round. */
async function back({ engine, project }: Pick<World, 'engine' | 'project'>): Promise<void> {
  setLatency(project, 0)
  const run = (await engine.overview()).active?.run
  const { exitCode, view } = await engine.undo(run ?? '', defaultApprover, 'the next round').result
  if (exitCode === 0) return
  const errors = view.steps.flatMap(({ id, status, error }) => (error ? [`${id} ${status}: ${error.message}`] : []))
  throw new Error(`the undo ended with ${exitCode}: ${view.summary}\n${errors.join('\n')}`)
}

function setLatency({ registries }: Project, ms: number): void {
  for (const proxy of Object.values(registries.proxies)) proxy.setLatency(ms)
}

const program = builtProgram('bagboy-tui')

function start({ project }: World, name: (typeof PROGRAMS)[number], kind: (typeof TERMINALS)[number]): Started {
  const folder = temporaryFolder('ending')
  const [pidFile, codeFile] = [join(folder, 'pid'), join(folder, 'code')]
  const flags = name === 'the app' ? [] : ['--yes', '--reason', 'chaos']
  const argv = ['sh', '-c', WRAPPER, 'sh', process.execPath, program, 'rollback', GOOD, ...flags]
  const { NO_COLOR: _, ...own } = project.env
  const env = { ...own, PID_FILE: pidFile, CODE_FILE: codeFile }
  const place = { cwd: project.root, columns: 100, rows: 30 }
  const terminal =
    kind === 'tmux'
      ? openTmux({ ...place, env, command: argv })
      : openTerminal({ ...place, env, command: '/bin/sh', args: argv.slice(1) })
  const numberIn = (file: string): number | undefined => {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
    return text === '' ? undefined : Number(text)
  }
  return { terminal, pid: () => numberIn(pidFile) ?? 0, exitCode: () => numberIn(codeFile) }
}

async function confirmPlan(terminal: Terminal): Promise<void> {
  await terminal.shows('DRY RUN')
  // A key that would change the world counts a moment after the screen has changed, as for a person.
  await pause(400)
  await terminal.press('X')
  await terminal.shows(`Type ${GOOD} to confirm`)
  await terminal.press('enter')
  await terminal.types(GOOD)
  await terminal.press('enter')
  await terminal.shows('[ Roll back ]')
  await pause(150)
  await terminal.press('enter')
}

/** Waits until the run after `before` others stands at the phase, or has passed it; settles with where it stands. */
async function reach(
  { engine }: World,
  { phase, before }: { readonly phase: (typeof PHASES)[number]; readonly before: number },
  { exitCode }: Started,
): Promise<string> {
  let at = ''
  await until(
    `phase ${phase}`,
    async () => {
      const runs = await engine.runs()
      const open = runs.find(({ isOpen }) => isOpen)
      const lock = await engine.lockInfo()
      if (!open && runs.length > before) {
        at = 'rollbackComplete'
        return true
      }
      if (!open) {
        at = lock.state === 'held' ? 'preflight' : at
        return exitCode() !== undefined || at === phase || (at !== '' && lock.state === 'free')
      }
      const { view } = await engine.readRun(open.id)
      at = view.phase
      return indexOf(at) >= PHASES.indexOf(phase)
    },
    DEADLINE_MS,
  )
  return at
}

function indexOf(phase: string): number {
  return PHASES.findIndex((one) => one === phase)
}

const reached = new Map<string, number>()
const count = (what: string): void => void reached.set(what, (reached.get(what) ?? 0) + 1)

/** State and process group, as /proc says; empty for a process that is gone. */
function statusOf(pid: number): readonly string[] {
  const [, state = '', , group = ''] = /^\d+ \(.*\) (\S+) (\S+) (\S+)/u.exec(readStatus(pid)) ?? []
  return [state, group]
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

/** Stopped by job control. */
function isStopped(pid: number): boolean {
  return statusOf(pid)[0] === 'T'
}

function groupOf(pid: number): number {
  return Number(statusOf(pid)[1])
}

async function happen(event: (typeof EVENTS)[number], { terminal, pid, exitCode }: Started): Promise<void> {
  if (event === 'SIGHUP') return hangUp(pid())
  if (event === 'a closed terminal') return terminal.close()
  await terminal.press('ctrl-z').catch((error: unknown) => {
    // tmux ends with the program.
    if (exitCode() === undefined) throw error
  })
}

/** A process that ended just before has not heard it, and ends as it would have. */
function hangUp(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

afterAll(() => {
  for (const [what, times] of reached) printFigure('lost terminal', `${what}: ${times}`)
})

describe.each(TERMINALS)('in %s', (kind) => {
  test.each(isExhaustive || kind === 'a pty' ? PROGRAMS : PROGRAMS.slice(0, 1))(
    `a run of %s that has begun ends as it would have, whatever becomes of the terminal, ${ROUNDS} rounds a phase`,
    async (name) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        // A project of its own: the list of runs, which is read again and again, stays short.
        const world = await createWorld()
        try {
          for (const one of CASES) await play(world, { name, kind, ...one })
        } finally {
          await world.project.close()
        }
      }
    },
    ROUNDS * CASES.length * 60_000,
  )
})

/**
 * While a run is at work ctrl-z is refused; once it has ended, the app may be stopped like any program, and goes on.
 * Keys are obeyed in their order. The help may be replaced by the result of a run that ends meanwhile.
 */
async function seeItsEnd({ engine }: World, started: Started, place: string): Promise<void> {
  const { terminal } = started
  const isOver = /COMPLETE: every registry was read back|live v1\.2\.0/u
  /** The runs that were open when the app was stopped. */
  let openThen: Promise<readonly string[]> | undefined
  const resume = (): void => {
    if (openThen || started.exitCode() !== undefined || !isStopped(started.pid())) return
    openThen = engine.runs().then((runs) => {
      process.kill(-groupOf(started.pid()), 'SIGCONT')
      return runs.filter(({ isOpen }) => isOpen).map(({ id }) => id)
    })
  }
  const shows = (isThere: (screen: string) => boolean) =>
    terminal.shows((screen) => {
      resume()
      return isThere(screen)
    })
  await terminal.press('?')
  await shows((screen) => screen.includes('─ Help') || isOver.test(screen))
  // Leaves the help or the result.
  await terminal.press('esc')
  await shows((screen) => !screen.includes('─ Help') && isOver.test(screen))
  await terminal.press('ctrl-c')
  const hasEnded = () => {
    resume()
    return started.exitCode() !== undefined
  }
  await until(`the end of ${place}`, hasEnded, DEADLINE_MS)
  expect((await openThen) ?? [], `${place}: stopped while its run was at work`).toEqual([])
}

interface Round {
  readonly name: (typeof PROGRAMS)[number]
  readonly kind: (typeof TERMINALS)[number]
  readonly phase: (typeof PHASES)[number]
  readonly event: (typeof EVENTS)[number]
}

async function play(world: World, { name, kind, phase, event }: Round): Promise<void> {
  const place = `${name} in ${kind}, ${event} at ${phase}`
  setLatency(world.project, LATENCY_MS)
  const before = (await world.engine.runs()).length
  const started = start(world, name, kind)
  try {
    if (name === 'the app') await confirmPlan(started.terminal)
    const at = await reach(world, { phase, before }, started)
    const isInTime = started.exitCode() === undefined
    if (isInTime) await happen(event, started)
    count(`${name} in ${kind}, ${isInTime ? event : 'nothing, it had ended'} at ${at}`)

    if (event === 'ctrl-z' && name === 'the app') {
      await seeItsEnd(world, started, place)
    }
    await until(`the end of ${place}`, () => started.exitCode() !== undefined, DEADLINE_MS)

    expect(started.exitCode(), place).toBe(0)
    expect((await world.engine.overview()).active?.version, place).toBe(GOOD)
    expect(await readPointers(world.project.registries), place).toEqual(world.pointers.good)
    expect(
      (await world.engine.runs()).filter(({ isOpen }) => isOpen),
      place,
    ).toEqual([])
  } finally {
    started.terminal.close()
  }
  await back(world)
}
