import { setTimeout as sleep } from 'node:timers/promises'
import type { TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { moveTraffic } from '../../../src/traffic/move-traffic.ts'
import type { TrafficContext } from '../../../src/traffic/provider.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { RunningBalancer } from './balancers.ts'
import type { MeasuredServices } from './services.ts'

export interface Walk {
  /** What green got of the requests while it should get so much, in percent. */
  readonly shares: readonly { readonly wanted: number; readonly got: number }[]
  /** From the call to the proof, of every move. */
  readonly movedMs: readonly number[]
  /** From the call that takes everything away from green to the last request green got. */
  readonly switchBackMs: readonly number[]
}

/** Nobody asked any more while there was still something to measure. */
export class LoadEnded extends Error {
  override readonly name = 'LoadEnded'
}

/** How often one walk puts a configuration in force; the move that is stopped does not. */
export const MOVE_COUNT = 7

const platform = createNodePlatform()
const root = temporaryFolder('bench-traffic')

/** 0 → 10 → 50 → stopped on the way to 100 → 0, and then 10 → 50 → 100 → 0: every move proved by reading back. */
export async function walk(balancer: RunningBalancer, services: MeasuredServices, holdMs: number): Promise<Walk> {
  const shares: { wanted: number; got: number }[] = []
  const movedMs: number[] = []
  const switchBackMs: number[] = []

  async function move(green: number): Promise<void> {
    const startedMs = performance.now()
    await moveTo(balancer, { blue: 100 - green, green })
    movedMs.push(performance.now() - startedMs)
  }

  async function hold(wanted: number): Promise<void> {
    const before = await services.report()
    await sleep(holdMs)
    const after = await services.report()
    const [blue, green] = [after.blue.count - before.blue.count, after.green.count - before.green.count]
    shares.push({ wanted, got: (100 * green) / (blue + green) })
  }

  async function moveBack(): Promise<void> {
    const calledAt = process.hrtime.bigint()
    await move(0)
    const before = await services.report()
    await sleep(holdMs)
    const { blue, green } = await services.report()
    if (blue.count === before.blue.count) throw new LoadEnded()
    switchBackMs.push(Math.max(0, Number(green.lastAt - calledAt) / 1e6))
  }

  for (const last of ['abort', 'whole'] as const) {
    await move(10)
    await hold(10)
    await move(50)
    await hold(50)
    if (last === 'abort') await stopOnTheWay(balancer)
    else await move(100)
    if (last === 'whole') await hold(100)
    await moveBack()
  }
  return { shares, movedMs, switchBackMs }
}

/** The operator changes their mind while everything is being sent to green: behind the first effect, where there are several. */
async function stopOnTheWay(balancer: RunningBalancer): Promise<void> {
  const controller = new AbortController()
  let effects = 0
  const fence = async () => {
    effects += 1
    const isLast = effects === (balancer.provider.kind === 'caddy' ? 1 : 2)
    if (isLast) controller.abort(new Error('the operator stopped it'))
    return () => undefined
  }
  const ended = await moveTo(balancer, { blue: 0, green: 100 }, { signal: controller.signal, fence }).then(
    () => 'it went well',
    (error: unknown) => String(error),
  )
  if (!ended.includes('the operator stopped it')) throw new Error(`the move was not stopped: ${ended}`)
}

async function moveTo(
  { provider, options }: RunningBalancer,
  split: TrafficSplit,
  { signal = new AbortController().signal, fence }: Partial<Pick<TrafficContext<unknown>, 'signal' | 'fence'>> = {},
): Promise<void> {
  const context: TrafficContext<unknown> = {
    platform,
    root,
    signal,
    fence,
    options: provider.options.parse(options),
    timeoutMs: 10_000,
  }
  await moveTraffic(provider, { split, ifMatch: null, proveWithinMs: 10_000 }, context)
}
