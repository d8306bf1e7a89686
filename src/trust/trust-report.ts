import type { TrustPart } from './trust-part.ts'

/** By whom a folder is trusted: a person at a terminal, the environment, or the first `record` in it. */
export type TrustSource = 'answer' | 'environment' | 'first-record'

/** How far a project is trusted, and what that is about. */
export interface TrustReport {
  /** The configuration file, without links. */
  readonly file: string
  /** `unneeded`: it names nothing that would need trust; `changed`: trusted once, and it names something else now. */
  readonly state: 'trusted' | 'untrusted' | 'changed' | 'unneeded'
  /** `null` unless trusted. */
  readonly source: TrustSource | null
  readonly parts: readonly TrustPart[]
  /** When changed: those of `parts` that were not there when it was trusted. */
  readonly added: readonly TrustPart[]
  /** Of `parts`; what is said yes to. */
  readonly hash: string
}

/** The questions and sentences about trust, for the command line and the app. */
export interface TrustControl {
  trust(): Promise<TrustReport>
  /**
   * A person has seen the parts with this hash and trusts them.
   * @throws NOT_TRUSTED when the project names something else by now, DISK
   */
  giveTrust(hash: string): Promise<TrustReport>
  /**
   * For the first `record` of a user in a folder of their own: trusts a project that has no history yet and is no
   * checkout with a remote. `true` when it was not trusted before, and is now.
   */
  trustFirstRecord(): Promise<boolean>
}
