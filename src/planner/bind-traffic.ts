import type { Config } from '../config/config.ts'
import type { TrafficConfig } from '../config/blue-green-config.ts'
import { nearestWord } from '../domain/text/nearest-word.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyTrafficProvider } from '../traffic/provider.ts'
import { explainOptions } from './explain-options.ts'

/** A provider with its parsed options. */
export interface BoundTraffic {
  readonly provider: AnyTrafficProvider
  readonly options: unknown
}

/** `none` says of itself that there is nothing to switch. */
const NONE = 'none'

/**
 * Parses the options of the configured provider once; `null` when there is none.
 * @throws CONFIG_INVALID with the place of the key
 */
export function bindTraffic({ blueGreen }: Config, providers: readonly AnyTrafficProvider[]): BoundTraffic | null {
  const traffic = blueGreen?.traffic
  if (!traffic || traffic.provider === NONE) return null
  const provider = providers.find(({ kind }) => kind === traffic.provider)
  if (!provider) throw unknownProvider(traffic, providers)
  const parsed = provider.options.safeParse(traffic.options)
  if (!parsed.success) {
    const hint = `The keys of the provider ${provider.kind} stand in docs/traffic.md.`
    throw explainOptions(parsed.error, { ...traffic, form: provider.options, hint })
  }
  refuseShares(traffic, provider, parsed.data)
  return { provider, options: parsed.data }
}

function unknownProvider(
  { provider, locationOf }: TrafficConfig,
  providers: readonly AnyTrafficProvider[],
): BagboyError {
  const kinds = [...providers.map(({ kind }) => kind), NONE]
  const near = nearestWord(provider, kinds)
  return new BagboyError('CONFIG_INVALID', `${locationOf(['provider'])}: there is no provider "${provider}"`, {
    hint: `${near ? `Did you mean ${near}? ` : ''}Providers: ${kinds.join(', ')}`,
  })
}

/** Found out now, not in the middle of a migration. */
function refuseShares({ steps, locationOf }: TrafficConfig, provider: AnyTrafficProvider, options: unknown): void {
  if (provider.capabilities(options).weighted) return
  const location = steps.findIndex((step) => step.kind === 'weight' && step.percent > 0 && step.percent < 100)
  if (location < 0) return
  throw new BagboyError(
    'CONFIG_INVALID',
    `${locationOf(['steps', location, 'weight'])}: ${provider.title} takes all or nothing as it is configured`,
    { hint: 'Leave 100 as the only weight, or choose a provider that divides.' },
  )
}
