import { isMap, isSeq, type Node, type YAMLMap } from 'yaml'
import { keyText, type YamlPair } from '../../yaml/yaml-path.ts'
import { emitScalar } from './emit-yaml.ts'
import { readHand } from '../read/read-piece.ts'
import { setKeyByLine } from './set-key-by-line.ts'
import type { KeyChange } from './key-change.ts'

type EntryMap = YAMLMap<Node, Node | null>

/** A key that is not there yet goes behind the last of these that is; `id` goes first. */
const ANCHORS = ['status', 'environment', 'commit', 'finished', 'timestamp', 'run', 'from', 'version', 'kind', 'id']

/**
 * Sets one key of the entry that stands in a piece: every byte of the piece but the value, or the new line,
 * stays. `undefined` when the entry is written in a way that has no safe place for it. Pure.
 */
export function setKey(text: string, change: KeyChange): string | undefined {
  const entry = entryOf(text)
  if (!entry) return setKeyByLine(text, change, otherAnchors(change))
  const pair = entry.items.find((candidate) => keyText(candidate) === change.key)
  if (pair) return setValue(text, pair, emitScalar(change.value))
  return entry.flow ? addToFlow(text, entry, change) : addLine(text, entry, change)
}

function otherAnchors({ key }: Pick<KeyChange, 'key'>): readonly string[] {
  return ANCHORS.filter((name) => name !== key)
}

function entryOf(text: string): EntryMap | undefined {
  const reading = readHand(text)
  if (reading.problem) return undefined
  const { contents } = reading.document
  const [entry] = isSeq<Node>(contents) ? contents.items : []
  return isMap<Node, Node | null>(entry) ? entry : undefined
}

function setValue(text: string, pair: YamlPair, literal: string): string | undefined {
  const range = pair.value?.range
  if (!range) return undefined
  const [start, end] = range
  const space = text.charAt(start - 1) === ':' ? ' ' : ''
  // A block scalar's value ends behind its line break, which has to stay.
  const lineBreak = /\r?\n$/u.exec(text.slice(start, end))?.[0] ?? ''
  return `${text.slice(0, start)}${space}${literal}${lineBreak}${text.slice(end)}`
}

function addToFlow(text: string, entry: EntryMap, { key, value }: KeyChange): string | undefined {
  const at = (entry.range?.[0] ?? -1) + 1
  if (at === 0 || entry.items.length === 0) return undefined
  return `${text.slice(0, at)} ${key}: ${emitScalar(value)},${text.slice(at)}`
}

function addLine(text: string, entry: EntryMap, { key, value, eol }: KeyChange): string | undefined {
  const first = entry.items[0]?.key.range?.[0]
  if (first === undefined) return undefined
  const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1))
  const line = `${key}: ${emitScalar(value)}`
  if (key === 'id') return `${text.slice(0, first)}${line}${eol}${indent}${text.slice(first)}`
  const anchor = otherAnchors({ key })
    .map((name) => entry.items.find((pair) => keyText(pair) === name))
    .find((pair) => pair?.value?.range)
  const end = anchor?.value?.range?.[1]
  if (end === undefined) return undefined
  const newline = text.charAt(end - 1) === '\n' ? end - 1 : text.indexOf('\n', end)
  return newline === -1
    ? `${text}${eol}${indent}${line}`
    : `${text.slice(0, newline + 1)}${indent}${line}${eol}${text.slice(newline + 1)}`
}
