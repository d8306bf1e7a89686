import type { Config, RegistryConfig } from '../config/config.ts'
import type { PackageRef } from '../domain/deployment.ts'
import { nearestWord } from '../domain/text/nearest-word.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyDriver } from '../registries/driver.ts'
import { explainOptions } from './explain-options.ts'

/** A driver with the parsed options of one registry. */
export interface BoundRegistry {
  readonly driver: AnyDriver
  readonly options: unknown
  /** `mode: manual`: nothing is sent to it; a person moves the pointer, and it is read until it is so. */
  readonly isManual: boolean
  /** `false`: only the history names it, and the history is not trusted. */
  readonly isConfigured: boolean
}

/** Finds the driver and options of a package; a registry that is only in the history gets the driver's defaults. */
export type Registries = (ref: Pick<PackageRef, 'format' | 'registry'>) => BoundRegistry

/**
 * Parses the options of every configured registry once.
 * @throws CONFIG_INVALID with the place of the entry; when asked, for a format without a driver.
 */
export function bindRegistries(config: Config, drivers: readonly AnyDriver[]): Registries {
  const bound = new Map(config.registries.map((entry) => [key(entry), bind(entry, drivers)]))
  return (ref) =>
    bound.get(key(ref)) ?? {
      ...bind({ ...ref, options: {}, locationOf: () => config.file }, drivers),
      isConfigured: config.registries.length === 0,
    }
}

function bind(entry: RegistryConfig, drivers: readonly AnyDriver[]): BoundRegistry {
  const driver = drivers.find(({ format }) => format === entry.format)
  if (!driver) {
    const formats = drivers.map(({ format }) => format)
    const near = nearestWord(entry.format, formats)
    throw new BagboyError('CONFIG_INVALID', `${entry.locationOf([])}: no driver for the format "${entry.format}"`, {
      hint: `${near ? `Did you mean ${near}? ` : ''}Known formats: ${formats.join(', ')}. To leave it out: --except ${entry.format}`,
    })
  }
  const { mode = 'api', ...options } = entry.options
  if (mode !== 'api' && mode !== 'manual') throw unknownMode(entry)
  const parsed = driver.options.safeParse(options)
  if (parsed.success) return { driver, options: parsed.data, isManual: mode === 'manual', isConfigured: true }
  throw explainOptions(parsed.error, {
    ...entry,
    form: driver.options,
    hint: `The keys of a ${entry.format} registry stand in docs/configuration.md.`,
  })
}

function unknownMode({ locationOf, format }: RegistryConfig): BagboyError {
  return new BagboyError(
    'CONFIG_INVALID',
    `${locationOf(['mode'])}: mode is neither api nor manual; write one of them`,
    {
      hint: `The keys of a ${format} registry stand in docs/configuration.md.`,
    },
  )
}

function key({ format, registry }: Pick<PackageRef, 'format' | 'registry'>): string {
  return `${format}\n${registry}`
}
