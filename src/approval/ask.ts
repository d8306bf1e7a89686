/**
 * A question of the engine. Each carries the default answer, which is taken and reported when no operator can be asked.
 */
export type Question =
  | {
      readonly id: 'after-partial-failure'
      readonly failed: readonly string[]
      readonly options: readonly ['continue', 'undo', 'stop']
      /** `stop` when credentials were refused, otherwise `continue`: the other registries do not depend on the failed one. */
      readonly default: 'continue' | 'stop'
    }
  | { readonly id: 'one-time-password'; readonly registry: string; readonly default: '' }

/** The chosen option, the typed text, or the default. */
export type Answer = string

/** The only way the engine asks a person: a dialog, flags or a script answer it. */
export interface Approver {
  ask(question: Question, signal: AbortSignal): Promise<Answer>
}
