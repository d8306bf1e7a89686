import type { RegistryStatus } from '../src/engine/engine.ts'
import { driftEvents, rememberServed, type DriftEvent, type Served } from '../src/events/drift.ts'
import type { CommandContext } from './command-context.ts'

/** Looks at the registries from time to time as long as the app is open, and raises what has changed. */
export function watchingCommands(context: CommandContext, readRegistries: () => Promise<void>) {
  const { ports, state } = context
  let known: readonly Served[] | null = null
  let cancel = (): void => undefined

  /** A run reads what it moves itself, and what it moves is no drift. */
  const isQuiet = () => state().run?.isActive !== true && state().busy === null && !state().isReadingRegistries

  function schedule(): void {
    cancel = ports.after(ports.watchMs, () => {
      const work = isQuiet() ? readRegistries() : Promise.resolve()
      void work.finally(schedule)
    })
  }

  return {
    start: schedule,
    stop: () => cancel(),
    /** What is new in what was read, by whomever. */
    noticeDrift(registries: readonly RegistryStatus[]): void {
      const events = driftEvents(known, registries, ports.now())
      // The first look shows how things are; only what comes later is news.
      const isFirst = known === null
      known = rememberServed(known, registries)
      const alarms = isFirst ? [] : events.filter(({ type }) => type !== 'drift.cleared')
      if (alarms.length === 0) return
      ports.ring()
      context.say('bad', alarms.map(sentence).join('  '))
    },
  }
}

function sentence({ type, package: { format }, serving, expected }: DriftEvent): string {
  return type === 'hold.violated'
    ? `${format} serves ${serving} again, which is held.`
    : `${format} serves ${serving} instead of ${expected}.`
}
