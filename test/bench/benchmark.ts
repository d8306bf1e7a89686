import type { Timing } from './measure.ts'

/** One line of the table: something of ours beside what it is held against. */
export interface Row {
  /** Its number among the goals, such as `E1`. */
  readonly goal: string
  readonly what: string
  readonly ours: Timing
  readonly against: string
  readonly other: Timing
  /** `of`: ours as a multiple of the other; `faster`: the other as a multiple of ours. */
  readonly ratio: 'of' | 'faster'
  /** What is aimed at, such as `≤ 1.25`. */
  readonly aim: string
}

/** One file of this folder, which runs alone or with all others. */
export interface Benchmark {
  /** As it is named on the command line. */
  readonly name: string
  readonly title: string
  /** What is measured and how, for readers of the table. */
  readonly about: string
  /** Why it cannot run on this machine; `undefined` when it can. */
  readonly missing?: () => Promise<string | undefined>
  /** Rows, or a whole table of its own. */
  readonly run: () => Promise<readonly Row[] | string>
}
