import { knownSecrets } from '../../support/builders/known-secrets.ts'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import type { App } from '../../../src/app.ts'
import type { Stamped } from '../../../src/events/events.ts'
import { connectEngine } from '../../../src/remote/connect-engine.ts'
import { serveEngine } from '../../../src/remote/serve-engine.ts'
import { startCli } from '../../support/harness/cli-harness.ts'
import { openApp } from '../../support/harness/terminal.tsx'
import { aTwinPlace, NOW, openTwin, type TwinPlace, type TwinProject } from '../../support/projects/twin-project.ts'

interface Outcome {
  readonly exitCode: number
  readonly events: readonly Stamped[]
  readonly history: string
}

const REASON = 'login is broken'
let twin: TwinProject | undefined

afterEach(async () => {
  await twin?.close()
  twin = undefined
})

/** Opens the next twin, breaks it as wanted, lets one of the two ways roll it back, and keeps what is left. */
async function play(
  place: TwinPlace,
  breakIt: (project: TwinProject) => void,
  way: (project: TwinProject) => Promise<number>,
): Promise<Outcome> {
  twin = await openTwin(place)
  breakIt(twin)
  const exitCode = await way(twin)
  const outcome = { exitCode, events: await twin.events(), history: twin.history() }
  await twin.close()
  twin = undefined
  return outcome
}

/** `bagboy-tui rollback …` as a CI job runs it; what it prints are the very events of the journal. */
async function byCommandLine(project: TwinProject): Promise<number> {
  const argv = ['rollback', '--version', 'v1.16.0', '--yes', '--reason', REASON, '-o', 'ndjson']
  const { exitCode, stdout, stderr } = await startCli(argv, { cwd: project.cwd, openApp: () => project.open() }).result
  const printed = stdout
    .trimEnd()
    .split('\n')
    .map((line): Stamped => JSON.parse(line))
  expect(printed, stderr).toEqual(await project.events())
  return exitCode
}

/** The same by keys, with the engine behind the port that stands between the app and its thread. */
async function byKeys(project: TwinProject): Promise<number> {
  const { engine, close } = remote(await project.open())
  const screen = await openApp(engine, { now: () => NOW })
  try {
    await screen.shows((text) => text.match(/✓ serves 1\.17\.0/gu)?.length === 4)
    await screen.press('j', 'r')
    await screen.shows('Roll back v1.17.0 to')
    await screen.press('enter')
    await screen.shows('DRY RUN')
    await screen.passes(150)
    await screen.press('X')
    await screen.shows('Roll back PRODUCTION')
    await screen.types(REASON)
    await screen.press('tab')
    await screen.types('v1.16.0')
    await screen.press('tab', 'tab')
    await screen.shows('[ Roll back ]')
    await screen.passes(550)
    await screen.press('enter')
    await screen.shows((text) => /Exit code +\d/u.test(text) || text.includes('Some registries failed'))
    if (screen.text().includes('Some registries failed')) {
      await screen.passes(550)
      await screen.press('enter')
      await screen.shows((text) => /Exit code +\d/u.test(text))
    }
    await screen.press('ctrl-c')
    return await screen.exit
  } finally {
    close()
  }
}

function remote({ engine }: App) {
  const { port1, port2 } = new MessageChannel()
  serveEngine(port1, engine, knownSecrets())
  return { engine: connectEngine(port2).engine, close: () => port1.close() }
}

/** What happened to one step, or to the run as a whole, in its order. Steps that run side by side have none between them. */
function strands(events: readonly Stamped[]): ReadonlyMap<string, readonly unknown[]> {
  const byStep = new Map<string, unknown[]>()
  for (const event of events) {
    const strand = 'step' in event ? event.step : 'the run'
    const { seq: _place, ...told } = event
    byStep.set(strand, [...(byStep.get(strand) ?? []), told])
  }
  return byStep
}

test.each([
  ['where every registry does what it is told', () => undefined, 0, 'complete'],
  [
    'where a registry refuses the write',
    ({ proxies }: TwinProject) =>
      proxies.npm.inject({ kind: 'status', status: 403, applied: false, method: 'PUT', body: '{"error":"no"}' }),
    6,
    'partial',
  ],
  [
    'where an answer is lost after the write was applied',
    ({ proxies }: TwinProject) => proxies.docker.inject({ kind: 'lost-answer', method: 'PUT', times: 1 }),
    0,
    'complete',
  ],
] as const)(
  '%s, app and command line give the same events, exit code and history file',
  async (_title, breakIt, exitCode, result) => {
    const place = aTwinPlace()

    const typed = await play(place, breakIt, byCommandLine)
    const pressed = await play(place, breakIt, byKeys)

    expect([typed.exitCode, pressed.exitCode]).toEqual([exitCode, exitCode])
    expect(typed.events.at(-1)).toMatchObject({ type: 'run.finished', result, exitCode })
    expect(strands(pressed.events)).toEqual(strands(typed.events))
    expect(pressed.history).toBe(typed.history)
    expect(typed.history).toContain('kind: "rollback"')
  },
  120_000,
)
