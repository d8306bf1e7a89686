import { setTimeout as sleep } from 'node:timers/promises'
import type { Balancer, RunningBalancer } from './balancers.ts'
import { startLoad, type Connections, type LoadResult } from './load.ts'
import { startMeasuredServices, type MeasuredServices } from './services.ts'
import { LoadEnded, MOVE_COUNT, walk, type Walk } from './walk.ts'

export interface TrafficRun {
  readonly load: LoadResult
  readonly walk: Walk
  /** The same number of reloads by hand, under the same load; `null` where nothing is reloaded. */
  readonly byHand: LoadResult | null
}

export interface TrafficOutcome {
  readonly title: string
  readonly connections: Connections
  readonly runs: readonly TrafficRun[]
}

export const RUN_COUNT = 5
/** In each run, so that a loss of one in fifty thousand shows. */
export const REQUEST_COUNT = 50_000
const WARM_UP_SECONDS = 1
/** Each split is held so often in one walk. */
const HOLD_COUNT = 7
const SPARE_SECONDS = 5

/** Every run on servers of its own; whose turn is first, ours or the hand's, changes from run to run. */
export async function measureBalancer(balancer: Balancer, connections: Connections): Promise<TrafficOutcome> {
  const runs: TrafficRun[] = []
  while (runs.length < RUN_COUNT) {
    const services = await startMeasuredServices()
    const running = await balancer.start(services.hosts)
    try {
      runs.push(await measureRun({ running, services, connections, handIsFirst: runs.length % 2 === 1 }))
    } catch (error) {
      // The machine was so busy that the walk outlasted its load: that run says nothing, and is made again.
      if (!(error instanceof LoadEnded)) throw error
      process.stderr.write('  the load ended before the walk: once more\n')
    } finally {
      await running.close()
      services.close()
    }
  }
  return { title: balancer.title, connections, runs }
}

interface RunSettings {
  readonly running: RunningBalancer
  readonly services: MeasuredServices
  readonly connections: Connections
  readonly handIsFirst: boolean
}

async function measureRun({ running, services, connections, handIsFirst }: RunSettings): Promise<TrafficRun> {
  const { url, reloadByHand } = running
  const warm = await startLoad(url, connections, WARM_UP_SECONDS).result
  const wanted = Math.ceil((1.4 * REQUEST_COUNT * WARM_UP_SECONDS) / Math.max(1, warm.requestCount))
  const seconds = Math.min(120, Math.max(6, wanted)) + SPARE_SECONDS
  const holdMs = (1000 * (seconds - SPARE_SECONDS)) / HOLD_COUNT

  const ours = async () => {
    const load = startLoad(url, connections, seconds)
    const walked = await walk(running, services, holdMs)
    return { load: await load.result, walk: walked }
  }
  const hand = async (): Promise<LoadResult | null> => {
    if (!reloadByHand) return null
    const load = startLoad(url, connections, seconds)
    for (let count = 0; count < MOVE_COUNT; count += 1) {
      await sleep((1000 * (seconds - SPARE_SECONDS)) / MOVE_COUNT)
      await reloadByHand()
    }
    return load.result
  }
  const first = handIsFirst ? await hand() : undefined
  const own = await ours()
  return { ...own, byHand: first === undefined ? await hand() : first }
}
