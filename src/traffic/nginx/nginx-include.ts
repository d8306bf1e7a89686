import { createHash } from 'node:crypto'
import { SLOTS, splitOf, type PerSlot, type TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { NginxPlan, NginxProblem } from './nginx-plan.ts'
import { parseNginx, spliceText, type NginxDirective, type NginxWord, type Splice } from './nginx-text.ts'
import { serverSplices, serverWeights } from './nginx-upstream.ts'
import { shareSplices, shareWeights } from './nginx-split-clients.ts'

export interface NginxInclude {
  readonly text: string
  readonly weights: PerSlot<number>
  /** What the text calls itself. */
  readonly marker: string
  /** Whether its name is right: the text was not changed since it was written. */
  readonly isMarked: boolean
}

interface Parts {
  readonly block: NginxDirective
  readonly marker: NginxWord
}

/** Pure. */
export function readInclude(text: string, plan: NginxPlan): NginxInclude | NginxProblem {
  const parts = partsOf(text, plan)
  if ('problem' in parts) return parts
  const weights = plan.kind === 'upstream' ? serverWeights(parts.block, plan) : shareWeights(parts.block, plan)
  if ('problem' in weights) return weights
  const marker = parts.marker.text
  const once = marker.split(' ').at(-1) ?? ''
  return { text, weights, marker, isMarked: marker === markerOf(text, parts.marker, splitOf(weights), once) }
}

/**
 * The same text with another split, named anew; every other byte stays. `once` is a word that was never used before: a
 * text that is restored after an edit by hand must not be taken for the edited one, which still carries its old name.
 * Pure; only for a text that {@link readInclude} takes.
 */
export function writeInclude(text: string, plan: NginxPlan, split: TrafficSplit, once: string): string {
  const { block } = wholePartsOf(text, plan)
  const divided = spliceText(
    text,
    plan.kind === 'upstream' ? serverSplices(block, plan, split) : shareSplices(block, plan, split),
  )
  const { marker } = wholePartsOf(divided, plan)
  return spliceText(divided, [markerSplice(marker, markerOf(divided, marker, split, once))])
}

/** The split a marker tells of; `undefined` when it is none of ours. Pure. */
export function parseMarker(marker: string): TrafficSplit | undefined {
  const { blue, green } = /^blue=(?<blue>\d+) green=(?<green>\d+) [0-9a-f]{16} [0-9a-f]+$/u.exec(marker)?.groups ?? {}
  return blue === undefined ? undefined : { blue: Number(blue), green: Number(green) }
}

/** Names the split and, by its hash, every byte of the text but the name itself. */
function markerOf(text: string, marker: NginxWord, split: TrafficSplit, once: string): string {
  const rest = spliceText(text, [markerSplice(marker, '')])
  const digest = createHash('sha256').update(rest).digest('hex').slice(0, 16)
  return `${SLOTS.map((slot) => `${slot}=${split[slot]}`).join(' ')} ${digest} ${once}`
}

function markerSplice({ start, end }: NginxWord, text: string): Splice {
  return { start, end, text: `"${text}"` }
}

function wholePartsOf(text: string, plan: NginxPlan): Parts {
  const parts = partsOf(text, plan)
  if ('problem' in parts) throw new TypeError(`a text that was read before ${parts.problem}`)
  return parts
}

function partsOf(text: string, plan: NginxPlan): Parts | NginxProblem {
  const directives = parseNginx(text)
  if (!directives) return { problem: 'is not a whole nginx configuration: a brace, a quote or a semicolon is missing' }
  const block = directives.find(({ words, block: inner }) => inner && isHead(words, plan))
  if (!block) return { problem: `has no ${plan.kind} block for ${plan.name}` }
  const marker = directives
    .find(({ words }) => words[0]?.text === 'map' && words.at(-1)?.text === plan.variable)
    ?.block?.find(({ words }) => words[0]?.text === 'default')?.words[1]
  if (!marker) return { problem: `has no map $host ${plan.variable} { default ""; }` }
  return { block, marker }
}

function isHead(words: readonly NginxWord[], { kind, name }: NginxPlan): boolean {
  return words[0]?.text === kind && words.at(-1)?.text === name
}
