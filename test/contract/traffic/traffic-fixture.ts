import type { PerSlot, Slot, TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import type { AnyTrafficProvider } from '../../../src/traffic/provider.ts'

/** What a provider cannot know or do; known before anything is started. */
export interface TrafficLimits {
  /** The provider knows whether a slot takes requests. */
  readonly tellsStates: boolean
  /** What somebody else wrote by hand is told to be in force as well as what we wrote. */
  readonly provesOthers: boolean
  /** What it answers when it does not let us in. */
  readonly deniedCodes: readonly string[]
}

/** One balancer, real or a stand-in, that sends everything to blue when the fixture is handed over. */
export interface TrafficFixture {
  readonly provider: AnyTrafficProvider
  /** As `bagboy.yaml` would hold them beside `provider`; the contract parses them with the provider's schema. */
  readonly options: Readonly<Record<string, unknown>>
  readonly platform: Platform
  /** Absolute; stands for the folder of `bagboy.yaml`. */
  readonly root: string
  /** Every credential in use: none may show up anywhere. */
  readonly secrets: readonly string[]
  /** Splits to walk through, beginning and ending elsewhere than at blue 100. */
  readonly splits: readonly TrafficSplit[]
  readonly world: TrafficWorld
  close(): Promise<void>
}

/** The balancer past the provider: what users get and what others do. */
interface TrafficWorld {
  /** How many of `count` requests each slot gets now. */
  served(count: number): Promise<PerSlot<number>>
  /** Everything that was done to change it and came through us, in order. */
  writes(): readonly string[]
  /** Somebody else sends 70 % (or, where there is no share, all) to green. */
  changeByHand(): Promise<void>
  /** Changes are refused from now on for being wrong; gives what then differs in the options. */
  breakConfig(): Promise<Readonly<Record<string, unknown>>>
  /** Credentials or rights are taken away; gives what then differs in the options. */
  deny(): Promise<Readonly<Record<string, unknown>>>
  goDown(): Promise<void>
  /** Heard and never answered, from now on. */
  stall(): Promise<void>
  /** How many calls or requests have been heard, of any kind. */
  heardCount(): number
  /** Changes are accepted from now on and not done. */
  swallowWrites(): Promise<void>
  /** Changes are done from now on and their answer is lost or bad. */
  loseAnswers(): Promise<void>
  /** Undoes all of the above that can be undone. */
  heal(): Promise<void>
  /** A slot that answers no requests. */
  takeOut(slot: Slot): Promise<void>
}

export type CreateTrafficFixture = () => Promise<TrafficFixture>
