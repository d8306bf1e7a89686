import type { Approver } from '../approval/ask.ts'
import type { Engine, RunHandle, RunOutcome } from '../engine/engine.ts'
import { fromErrorReport, type BagboyError } from '../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../events/event-stream.ts'
import { createDeployClient } from './connect-deploy.ts'
import { createWatchClient } from './connect-watch.ts'
import type { CallMethod, FromEngine, Port, RunMethod, ToEngine } from './protocol.ts'

interface OpenRun {
  readonly stream: EventStream
  /** `undefined`: the run asks nothing of us. */
  readonly approver: Approver | undefined
  readonly outcome: PromiseWithResolvers<RunOutcome>
}

export interface Connection {
  /** The engine on the other side, with the very interface of the one behind it. */
  readonly engine: Engine
  /** The other side is gone: everything that waits for it is refused. */
  readonly fail: (error: BagboyError) => void
}

export function connectEngine(port: Port): Connection {
  const calls = new Map<number, PromiseWithResolvers<unknown>>()
  const runs = new Map<number, OpenRun>()
  let lastId = 0

  const send = (message: ToEngine) => port.postMessage(message)
  const watches = createWatchClient(send)
  const deploys = createDeployClient(send)

  function call<T>(method: CallMethod, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    lastId += 1
    const id = lastId
    const pending = Promise.withResolvers<unknown>()
    calls.set(id, pending)
    signal?.addEventListener('abort', () => send({ kind: 'cancel', id }), { once: true })
    send({ kind: 'call', id, method, args })
    return pending.promise as Promise<T>
  }

  function start(runId: string, method: RunMethod, args: readonly unknown[], approver?: Approver): RunHandle {
    lastId += 1
    const id = lastId
    const run = { stream: createEventStream(), approver, outcome: Promise.withResolvers<RunOutcome>() }
    runs.set(id, run)
    // The caller may await the events first; a refusal must not count as unhandled until then.
    run.outcome.promise.catch(() => undefined)
    send({ kind: 'run', id, method, args })
    return {
      runId,
      result: run.outcome.promise,
      abort: (reason) => send({ kind: 'abort', id, reason }),
      pause: () => send({ kind: 'control', id, command: 'pause' }),
      unpause: () => send({ kind: 'control', id, command: 'unpause' }),
      [Symbol.asyncIterator]: () => run.stream[Symbol.asyncIterator](),
    }
  }

  function finish(id: number, conclude: (run: OpenRun) => void): void {
    const run = runs.get(id)
    if (!run) return
    runs.delete(id)
    run.stream.end()
    conclude(run)
  }

  port.on('message', (received) => {
    const message = received as FromEngine
    switch (message.kind) {
      case 'value':
        calls.get(message.id)?.resolve(message.value)
        return calls.delete(message.id)
      case 'error':
        calls.get(message.id)?.reject(fromErrorReport(message.report))
        return calls.delete(message.id)
      case 'event':
        return runs.get(message.id)?.stream.push(message.event)
      case 'ended':
        return finish(message.id, ({ outcome }) => outcome.resolve(message.outcome))
      case 'refused':
        watches.fail(message.id, fromErrorReport(message.report))
        deploys.fail(message.id, fromErrorReport(message.report))
        return finish(message.id, ({ outcome }) => outcome.reject(fromErrorReport(message.report)))
      case 'watched':
      case 'watch-ended':
        return watches.receive(message)
      case 'deployed':
      case 'deploy-ended':
        return deploys.receive(message)
      case 'question':
        return void answer(message)
    }
  })

  async function answer({ id, question, ask }: Extract<FromEngine, { kind: 'question' }>): Promise<void> {
    const approver = runs.get(id)?.approver
    const text = approver ? await approver.ask(ask, new AbortController().signal) : ask.default
    send({ kind: 'answer', question, answer: text })
  }

  function fail(error: BagboyError): void {
    for (const pending of calls.values()) pending.reject(error)
    calls.clear()
    for (const id of runs.keys()) finish(id, ({ outcome }) => outcome.reject(error))
    watches.failAll(error)
    deploys.failAll(error)
  }

  return {
    fail,
    engine: {
      overview: (request) => call('overview', [request]),
      status: (signal) => call('status', [], signal),
      plan: (request, signal) => call('plan', [request], signal),
      run: (plan, approver) => start(plan.id, 'run', [plan], approver),
      recovery: (run, signal) => call('recovery', [run], signal),
      resume: (run, approver, options) => start(run, 'resume', [run, options], approver),
      undo: (run, approver, reason) => start(run, 'undo', [run, reason], approver),
      follow: (run) => start(run, 'follow', [run]),
      watch: (request) => watches.start((lastId += 1), request),
      planDeploy: (request, signal) => call('planDeploy', [request], signal),
      planShift: (request, signal) => call('planShift', [request], signal),
      deploy: (plan) => deploys.start((lastId += 1), plan.id, 'deploy', [plan]),
      resumeDeploy: (deploy, told) => deploys.start((lastId += 1), deploy, 'resumeDeploy', [deploy, told]),
      followDeploy: (deploy) => deploys.start((lastId += 1), deploy, 'followDeploy', [deploy]),
      commandDeploy: (deploy, command, reason, signal) => call('commandDeploy', [deploy, command, reason], signal),
      deploys: () => call('deploys', []),
      openDeploys: () => call('openDeploys', []),
      readDeploy: (deploy) => call('readDeploy', [deploy]),
      traffic: (signal) => call('traffic', [], signal),
      handOver: (run, reason) => call('handOver', [run, reason]),
      skipStep: (run, step, reason) => call('skipStep', [run, step, reason]),
      overwriteStep: (run, step, reason) => call('overwriteStep', [run, step, reason]),
      runs: () => call('runs', []),
      readRun: (run) => call('readRun', [run]),
      planPrune: (request) => call('planPrune', [request]),
      prune: (request) => call('prune', [request]),
      record: (request, signal) => call('record', [request], signal),
      mark: (request) => call('mark', [request]),
      verifyHistory: () => call('verifyHistory', []),
      proposeRepair: () => call('proposeRepair', []),
      acceptRepair: (proposal) => call('acceptRepair', [proposal]),
      lockInfo: () => call('lockInfo', []),
      breakLock: (epoch, reason) => call('breakLock', [epoch, reason]),
    },
  }
}
