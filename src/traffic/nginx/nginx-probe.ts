import { sanitize } from '../../domain/text/sanitize.ts'
import type { TrafficContext } from '../provider.ts'

/** While a reload goes through, one connection may meet an old worker and the next one a new one. */
const PROBE_COUNT = 3

type Context = TrafficContext<{ readonly probe: string; readonly header: string }>

/**
 * What the workers say they run, each time on a connection of its own; `undefined` when they say nothing, or not all the
 * same. @throws REGISTRY_UNREACHABLE, REGISTRY_TIMEOUT
 */
export async function probeMarker({ platform, options, signal, timeoutMs }: Context): Promise<string | undefined> {
  const { probe: url, header } = options
  const found = new Set<string | undefined>()
  for (let count = 0; count < PROBE_COUNT; count += 1) {
    const { headers } = await platform.http({ method: 'GET', url, timeoutMs, isFresh: true }, signal)
    const marker = headers[header.toLowerCase()]
    found.add(marker === undefined ? undefined : sanitize(marker, 100))
  }
  const [first] = found
  return found.size === 1 ? first : undefined
}
