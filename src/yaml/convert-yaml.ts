import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Json } from '../domain/text/json.ts'
import { resolvePlain } from './resolve-plain.ts'
import { keyText } from './yaml-path.ts'
import type { YamlOptions } from './yaml-options.ts'
import type { YamlProblem } from './yaml-problem.ts'

/** Keys that reach into an object's machinery when data is merged carelessly somewhere later. */
const REFUSED_KEYS: ReadonlySet<string> = new Set(['__proto__'])
const MAX_DEPTH = 48

interface State {
  readonly options: YamlOptions
  readonly document: Document.Parsed
  problem: YamlProblem | undefined
  /** What aliases may still stand for. */
  aliasNodes: number
  aliasDepth: number
}

/** Plain data of a parsed document, or what of it cannot be taken. */
export function convertYaml(
  document: Document.Parsed,
  options: YamlOptions,
): { readonly data: Json } | { readonly problem: YamlProblem } {
  const state: State = { options, document, problem: undefined, aliasNodes: options.aliasNodes, aliasDepth: 0 }
  const data = convertRoot(document.contents, state)
  return state.problem ? { problem: state.problem } : { data }
}

function convertRoot(node: Node | null, state: State): Json {
  const { only } = state.options
  if (!only || !isMap<Node, Node>(node)) return convert(node, state, 0)
  const kept = node.items.filter((pair) => only.includes(keyText(pair)))
  return convertPairs(kept, state, 0)
}

function convert(node: Node | null | undefined, state: State, depth: number): Json {
  if (!node || state.problem) return null
  if (state.aliasDepth > 0) {
    state.aliasNodes -= 1
    if (state.aliasNodes < 0) return refuse(state, node, 'aliases repeat too much of the file', 'write the values out')
  }
  if (depth > MAX_DEPTH) return refuse(state, node, `nested more than ${MAX_DEPTH} levels deep`, 'flatten it')
  if (isAlias(node)) return convertAlias(node, state, depth)
  if (state.aliasNodes === 0 && 'anchor' in node && node.anchor !== undefined) {
    return refuse(state, node, 'anchors and aliases are not read here', 'write the value out')
  }
  if (node.tag !== undefined && state.options.aliasNodes === 0) {
    return refuse(state, node, 'tags are not read here', 'take the tag out, and quote a text that looks like a number')
  }
  if (isScalar(node)) return convertScalar(node, state)
  if (isSeq<Node>(node)) return node.items.map((item) => convert(item, state, depth + 1))
  if (isMap<Node, Node>(node)) return convertPairs(node.items, state, depth)
  return refuse(state, node, 'this kind of value is not read', 'write a text, number, list or map')
}

function convertPairs(pairs: readonly Pair<Node, Node | null>[], state: State, depth: number): Json {
  const data: Record<string, Json> = {}
  for (const pair of pairs) {
    const key = keyText(pair)
    if (!isScalar(pair.key)) return refuse(state, pair.key, 'a list or map is used as a key', 'use a text')
    if (pair.key.anchor !== undefined) {
      return refuse(state, pair.key, 'anchors and aliases are not read here', 'write the value out')
    }
    if (REFUSED_KEYS.has(key)) return refuse(state, pair.key, `the key ${key} is refused`, 'use another name')
    if (Object.hasOwn(data, key)) {
      return refuse(state, pair.key, `${sanitize(key, 80)} stands here twice`, 'keep one of the two')
    }
    data[key] = convert(pair.value, state, depth + 1)
  }
  return data
}

function convertScalar(node: Node & { readonly value: unknown }, state: State): Json {
  const scalar = isScalar(node) ? node : undefined
  if (scalar?.type !== 'PLAIN') return typeof node.value === 'string' ? node.value : null
  const source = scalar.source ?? ''
  if (state.options.numbers === 'exact') return resolvePlain(source)
  const { value } = scalar
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return refuse(state, node, `${sanitize(source, 80)} is not a finite number`, 'write a number, or quotes around it')
}

function convertAlias(node: Node, state: State, depth: number): Json {
  if (state.options.aliasNodes === 0) {
    return refuse(state, node, 'anchors and aliases are not read here', 'write the value out')
  }
  const target = isAlias(node) ? node.resolve(state.document) : undefined
  if (!target) return refuse(state, node, 'this alias leads nowhere', 'write the value out')
  state.aliasDepth += 1
  const value = convert(target, state, depth + 1)
  state.aliasDepth -= 1
  return value
}

function refuse(state: State, node: Node | null, wrong: string, right: string): Json {
  state.problem ??= { offset: node?.range?.[0] ?? 0, wrong, right }
  return null
}
