import type { Approver } from '../approval/ask.ts'
import type { Engine, RunHandle, RunOutcome } from '../engine/engine.ts'
import { fromErrorReport, type BagboyError } from '../errors/bagboy-error.ts'
import type { DeployHandle } from '../engine/deploy/deploy.ts'
import type { WatchHandle, WatchOutcome, WatchRequest } from '../engine/watch/watch.ts'
import type { Stamped } from '../events/events.ts'
import type { StampedWatch } from '../events/watch-events.ts'
import type { CallMethod, FromEngine, Port, StartMethod, ToEngine } from './protocol.ts'
import { createRemoteOperations } from './remote-operations.ts'

export interface Connection {
  /** The engine on the other side, with the very interface of the one behind it. */
  readonly engine: Engine
  /** The other side is gone: everything that waits for it is refused. */
  readonly fail: (error: BagboyError) => void
}

export function connectEngine(port: Port): Connection {
  const calls = new Map<number, PromiseWithResolvers<unknown>>()
  const approvers = new Map<number, Approver>()
  let lastId = 0

  const send = (message: ToEngine) => port.postMessage(message)
  const operations = createRemoteOperations(send)

  function call<T>(method: CallMethod, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    const id = (lastId += 1)
    const pending = Promise.withResolvers<unknown>()
    calls.set(id, pending)
    signal?.addEventListener('abort', () => send({ kind: 'cancel', id }), { once: true })
    send({ kind: 'call', id, method, args })
    return pending.promise as Promise<T>
  }

  function startRun(run: string, method: StartMethod, args: readonly unknown[], approver?: Approver): RunHandle {
    const id = (lastId += 1)
    // A run that is only followed asks nothing.
    if (approver) approvers.set(id, approver)
    return {
      ...operations.open<Stamped, RunOutcome>(run, { kind: 'start', id, method, args }),
      pause: () => send({ kind: 'control', id, command: 'pause' }),
      unpause: () => send({ kind: 'control', id, command: 'unpause' }),
    }
  }

  function startWatch(request: WatchRequest, approver?: Approver): WatchHandle {
    const id = (lastId += 1)
    if (approver) approvers.set(id, approver)
    const begin = { kind: 'start', id, method: 'watch', args: [request] } as const
    return {
      ...operations.open<StampedWatch, WatchOutcome>(String(id), begin, 'unread'),
      command: (command) => send({ kind: 'watch-command', id, command }),
    }
  }

  function startDeploy(deploy: string, method: StartMethod, args: readonly unknown[]): DeployHandle {
    const id = (lastId += 1)
    return operations.open(deploy, { kind: 'start', id, method, args })
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
        return operations.push(message.id, message.event)
      case 'ended':
        return operations.end(message.id, message.outcome)
      case 'refused':
        return operations.fail(message.id, fromErrorReport(message.report))
      case 'question':
        return void answer(message)
    }
  })

  async function answer({ id, question, ask }: Extract<FromEngine, { kind: 'question' }>): Promise<void> {
    const approver = approvers.get(id)
    const text = approver ? await approver.ask(ask, new AbortController().signal) : ask.default
    send({ kind: 'answer', question, answer: text })
  }

  function fail(error: BagboyError): void {
    for (const pending of calls.values()) pending.reject(error)
    calls.clear()
    operations.failAll(error)
  }

  return {
    fail,
    engine: {
      overview: (request) => call('overview', [request]),
      status: (signal) => call('status', [], signal),
      plan: (request, signal) => call('plan', [request], signal),
      run: (plan, approver) => startRun(plan.id, 'run', [plan], approver),
      recovery: (run, signal) => call('recovery', [run], signal),
      resume: (run, approver, options) => startRun(run, 'resume', [run, options], approver),
      undo: (run, approver, reason, mode) => startRun(run, 'undo', [run, reason, mode], approver),
      follow: (run) => startRun(run, 'follow', [run]),
      attach: (run) => startRun(run, 'attach', [run]),
      watch: (request, approver) => startWatch(request, approver),
      planDeploy: (request, signal) => call('planDeploy', [request], signal),
      planShift: (request, signal) => call('planShift', [request], signal),
      deploy: (plan) => startDeploy(plan.id, 'deploy', [plan]),
      resumeDeploy: (deploy, told, takeoverReason) =>
        startDeploy(deploy, 'resumeDeploy', [deploy, told, takeoverReason]),
      followDeploy: (deploy) => startDeploy(deploy, 'followDeploy', [deploy]),
      commandDeploy: (deploy, command, reason, seen, signal) =>
        call('commandDeploy', [deploy, command, reason, seen], signal),
      deploys: () => call('deploys', []),
      openDeploys: () => call('openDeploys', []),
      readDeploy: (deploy) => call('readDeploy', [deploy]),
      traffic: (signal) => call('traffic', [], signal),
      handOver: (run, reason, mode) => call('handOver', [run, reason, mode]),
      skipStep: (run, step, reason, mode) => call('skipStep', [run, step, reason, mode]),
      overwriteStep: (run, step, reason, mode) => call('overwriteStep', [run, step, reason, mode]),
      runs: (request) => call('runs', [request]),
      fileHistory: () => call('fileHistory', []),
      readRun: (run) => call('readRun', [run]),
      foreignRuns: () => call('foreignRuns', []),
      planPrune: (request) => call('planPrune', [request]),
      planRecord: (request, signal) => call('planRecord', [request], signal),
      planRestore: (word) => call('planRestore', [word]),
      restore: (word) => call('restore', [word]),
      prune: (request) => call('prune', [request]),
      record: (request, signal) => call('record', [request], signal),
      mark: (request) => call('mark', [request]),
      verifyHistory: () => call('verifyHistory', []),
      proposeRepair: () => call('proposeRepair', []),
      acceptRepair: (proposal) => call('acceptRepair', [proposal]),
      lockInfo: () => call('lockInfo', []),
      breakLock: (epoch, reason) => call('breakLock', [epoch, reason]),
      trust: () => call('trust', []),
      giveTrust: (hash) => call('giveTrust', [hash]),
      trustFirstRecord: () => call('trustFirstRecord', []),
    },
  }
}
