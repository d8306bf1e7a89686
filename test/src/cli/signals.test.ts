import { expect, test } from 'vitest'
import type { RunResult } from '../../../src/events/events.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { startCli } from '../../support/harness/cli-harness.ts'
import { runEvents } from '../../support/builders/run-events.ts'
import { playRun, scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { until } from '../../support/clocks/until.ts'

/** A run that has begun and goes on until it is aborted, then ends with `result`. */
function abortableEngine(result: RunResult, reasons: string[] = []) {
  const events = runEvents(aPlan(), result)
  const onAbort = (reason: string) => {
    reasons.push(reason)
    return events.slice(3)
  }
  return scriptedEngine({ run: () => playRun(events.slice(0, 3), onAbort) })
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s asks the run to stop after what is in flight and ends with %i', async (signal, expected) => {
  const reasons: string[] = []
  const started = startCli(['rollback', '--yes', '-o', 'json'], { engine: abortableEngine('aborted', reasons) })
  await until('the run', () => started.stderr().includes('checking'))

  started.send(signal)
  const { exitCode, stdout, stderr } = await started.result

  expect(exitCode).toBe(expected)
  expect(reasons).toEqual(['stopped by a signal'])
  expect(stderr).toContain('once more leaves at once')
  expect(JSON.parse(stdout)).toMatchObject({ result: 'aborted', exitCode: 12 })
})

test.each([1, 2])(
  'SIGHUP, %i times, does not end a run that has begun: it ends with its own exit code',
  async (times) => {
    const reasons: string[] = []
    const finish = Promise.withResolvers<void>()
    const events = runEvents(aPlan(), 'complete')
    const run = playRun(events.slice(0, 3), (reason) => {
      reasons.push(reason)
      return events.slice(3)
    })
    void finish.promise.then(() => run.stop('the test lets it end'))
    const started = startCli(['rollback', '--yes', '-o', 'json'], { engine: scriptedEngine({ run: () => run }) })
    await until('the run', () => started.stderr().includes('checking'))

    for (let time = 0; time < times; time += 1) started.send('SIGHUP')
    finish.resolve()
    const { exitCode, stdout } = await started.result

    expect(exitCode).toBe(0)
    expect(reasons).toEqual(['the test lets it end'])
    expect(JSON.parse(stdout)).toMatchObject({ result: 'complete', exitCode: 0 })
  },
)

test('a stop after SIGHUP still stops the run safely', async () => {
  const reasons: string[] = []
  const started = startCli(['rollback', '--yes'], { engine: abortableEngine('aborted', reasons) })
  await until('the run', () => started.stderr().includes('checking'))

  started.send('SIGHUP')
  started.send('SIGTERM')

  expect(await started.result).toMatchObject({ exitCode: 143 })
  expect(reasons).toEqual(['stopped by a signal'])
})

test('ctrl-z stops no run in the middle, and says so; before and after one it stops the program', async () => {
  const engine = abortableEngine('complete')
  const started = startCli(['rollback', '--yes'], { engine })
  expect(started.pressCtrlZ()).toBe(false)
  await until('the run', () => started.stderr().includes('checking'))

  expect(started.pressCtrlZ()).toBe(true)
  expect(started.stderr()).toContain('ctrl-z would stop the run in the middle; it goes on.')
  started.send('SIGINT')
  await started.result

  expect(started.pressCtrlZ()).toBe(false)
})

test('SIGHUP before a run has begun ends the command', async () => {
  const engine = scriptedEngine({
    plan: (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  })
  const started = startCli(['rollback', '--yes'], { engine })
  await until('the planning', () => engine.calls.some(([name]) => name === 'plan'))

  started.send('SIGHUP')

  expect(await started.result).toMatchObject({ exitCode: 129 })
})

test('a run that completes in spite of the signal is reported as complete', async () => {
  const started = startCli(['rollback', '--yes'], { engine: abortableEngine('complete') })
  await until('the run', () => started.stderr().includes('checking'))

  started.send('SIGINT')

  expect(await started.result).toMatchObject({ exitCode: 0 })
})

test('the second signal leaves at once, with the code of that signal', async () => {
  const events = runEvents(aPlan(), 'complete')
  const { promise: never } = Promise.withResolvers<never>()
  const stuck = { ...playRun(events.slice(0, 3), () => []), result: never, abort: () => undefined }
  const started = startCli(['rollback', '--yes'], { engine: scriptedEngine({ run: () => stuck }) })
  await until('the run', () => started.stderr().includes('checking'))

  started.send('SIGINT')
  started.send('SIGTERM')

  expect(await started.result).toMatchObject({ exitCode: 143 })
})

test('a signal while registries are read cancels the reading', async () => {
  const engine = scriptedEngine({
    status: (signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  })
  const started = startCli(['status'], { engine })
  await until('the reading', () => engine.calls.some(([name]) => name === 'status'))

  started.send('SIGINT')

  expect(await started.result).toMatchObject({ exitCode: 130, stderr: 'error ABORTED  Stopped by SIGINT.\n' })
})
