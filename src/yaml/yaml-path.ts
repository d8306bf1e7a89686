import { isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml'

export type YamlPath = readonly (string | number)[]
export type YamlPair = Pair<Node, Node | null>

/** A key as it was written. Empty for a list or map in a key's place. */
export function keyText({ key }: YamlPair): string {
  if (!isScalar(key)) return ''
  if (key.type === 'PLAIN') return key.source ?? ''
  return typeof key.value === 'string' ? key.value : ''
}

/** Where the value (or its key) stands; of the nearest parent that exists. */
export function offsetIn(document: Document.Parsed, path: YamlPath, part: 'key' | 'value'): number {
  let node: Node | null | undefined = document.contents
  let offset = startOf(node) ?? 0
  for (const [index, step] of path.entries()) {
    const pair: YamlPair | undefined = isMap<Node, Node | null>(node)
      ? node.items.find((candidate) => keyText(candidate) === String(step))
      : undefined
    const value: Node | null | undefined = isSeq<Node>(node) ? node.items[Number(step)] : pair?.value
    const keyAt = startOf(pair?.key)
    const isKeyWanted = part === 'key' && index === path.length - 1
    offset = (isKeyWanted ? keyAt : undefined) ?? startOf(value) ?? keyAt ?? offset
    if (!value) return offset
    node = value
  }
  return offset
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0]
}
