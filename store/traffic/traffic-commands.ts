import type { DeployCommand, DeployPlan } from '../../src/domain/traffic/deploy-plan.ts'
import type { DeployHandle } from '../../src/engine/deploy/deploy.ts'
import { BagboyError, toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { StampedDeploy } from '../../src/events/deploy-events.ts'
import type { CommandContext } from '../command-context.ts'
import { createBatch } from '../event-batches.ts'
import { safe } from '../safe.ts'
import type { AppState } from '../state.ts'
import type { DeployPosition } from '../../src/events/deploy-view.ts'

/** Between two reads of the balancer while something moves, or its screen is open, ms. */
const LIVELY_MS = 2000

export interface MovingParts {
  readonly refresh: () => Promise<void>
}

/** Reads the slots as long as the app is open, follows a deploy, and sends it the operator's commands. */
export function trafficCommands(context: CommandContext, { refresh }: MovingParts) {
  const { engine, dispatch, state, ports, session } = context
  let current: DeployHandle | undefined
  let shift: DeployPlan | undefined
  let cancel = (): void => undefined
  let isStopped = false

  async function readTraffic(): Promise<void> {
    try {
      const report = safe(await engine.traffic())
      if (isStopped) return
      dispatch({ type: 'traffic.read', report, now: ports.now() })
      if (report.open && report.isWorkedOn && !current) follow(engine.followDeploy(report.open.id))
    } catch (error) {
      if (isStopped) return
      const isNothing = error instanceof BagboyError && error.code === 'TRAFFIC_NOT_CONFIGURED'
      if (isNothing) return dispatch({ type: 'traffic.none' })
      dispatch({ type: 'traffic.failed', error: safe(toErrorReport(error)), now: ports.now() })
    }
  }

  /** Reads now and again after a while; not at all where there is no balancer. */
  async function keepReading(): Promise<void> {
    cancel()
    await readTraffic()
    if (isStopped || !state().traffic) return
    cancel()
    cancel = ports.after(isLively(state()) ? LIVELY_MS : ports.watchMs, () => void keepReading())
  }

  function follow(handle: DeployHandle): void {
    current = handle
    dispatch({ type: 'deploy.opened' })
    void consume(handle)
  }

  /** A deploy that this process works on. */
  function work(handle: DeployHandle): void {
    session.deploy = handle
    const forget = (): void => {
      if (session.deploy === handle) session.deploy = undefined
    }
    handle.result.then(forget, forget)
    follow(handle)
  }

  async function consume(handle: DeployHandle): Promise<void> {
    const batch = createBatch<StampedDeploy>(context, (events) => {
      dispatch({ type: 'deploy.events', events, now: ports.now() })
    })
    try {
      for await (const event of handle) {
        batch.add(event)
        if (event.type === 'deploy.asked' || event.type === 'deploy.decided') ports.ring()
      }
      await handle.result
    } catch (error) {
      // The process that worked on a followed deploy is gone: the next read shows how it stands.
      const isGone = error instanceof BagboyError && (error.code === 'RUN_ABANDONED' || error.code === 'ABORTED')
      if (!isGone && !isStopped) dispatch({ type: 'error.shown', error: safe(toErrorReport(error)) })
    }
    batch.flush()
    current = undefined
    if (isStopped) return
    dispatch({ type: 'deploy.closed' })
    await Promise.all([keepReading(), refresh()])
  }

  // The screen opens on what the balancer says now.
  context.store.subscribe((now, before) => {
    if (now.screen === 'traffic' && before.screen !== 'traffic') void keepReading()
    if (now.traffic && now.run?.isActive === true && doneSteps(now) !== doneSteps(before)) void keepReading()
  })

  return {
    startTrafficWatch: keepReading,
    readTrafficNow: () => void keepReading(),
    stopTrafficWatch(): void {
      isStopped = true
      cancel()
      current?.stop('the app is left')
    },
    sendCommand: async (command: DeployCommand, reason: string, seen?: DeployPosition): Promise<void> => {
      const deploy = state().traffic?.deploy
      if (!deploy) return
      // The deploy may have ended behind the dialog: say that nothing was done.
      if (deploy.result !== null) return context.notify('bad', `Nothing was done: it is over (${deploy.result}).`)
      const receipt = await context.wait('Sending the command', false, () =>
        engine.commandDeploy(deploy.id, command, reason, seen),
      )
      if (receipt?.status === 'refused') context.notify('warning', `Refused: ${safe(receipt.why)}.`)
      if (receipt?.status === 'unattended') work(engine.resumeDeploy(deploy.id, { command, reason }))
    },
    /** Resumes a deploy that no process works on. */
    resumeDeploy(): void {
      const deploy = state().traffic?.deploy
      if (deploy && deploy.result === null && !current) work(engine.resumeDeploy(deploy.id))
    },
    /** What sending everything to the other slot would do; nothing is changed. */
    planSwitch: async (): Promise<DeployPlan | undefined> => {
      shift = await context.wait('Asking the balancer', true, (signal) =>
        engine.planShift({ slot: null, percent: 100, reason: '' }, signal),
      )
      return shift && safe(shift)
    },
    startSwitch(reason: string): void {
      if (shift) work(engine.deploy({ ...shift, reason }))
      shift = undefined
    },
  }
}

/** What a step of a run has moved may be the traffic. */
function doneSteps({ run }: AppState): number {
  return run?.view?.steps.filter(({ status }) => status === 'done').length ?? -1
}

function isLively({ screen, traffic, run }: AppState): boolean {
  return screen === 'traffic' || run?.isActive === true || (traffic?.deploy != null && traffic.deploy.result === null)
}
