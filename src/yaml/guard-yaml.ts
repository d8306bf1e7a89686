import type { YamlProblem } from './yaml-problem.ts'

interface Limits {
  readonly bytes: number
}

/** Deeper nesting than this has no honest use here. */
const MAX_DEPTH = 48
/** Of one map or list: a deployment has packages by the hundred, keys by the dozen. */
const MAX_FLOW_ITEMS = 4000
const MAX_KEYS = 2000
/** `? ` starts an explicit key; towers of them made a parser of 2024 run for a minute on 1.2 KB. */
const MAX_EXPLICIT_KEYS = 8
const EXPLICIT_KEY = /(?<=^|[\s?:,[{-])\?(?=\s|$)/gu
const COMPACT_NESTING = /^ *(?:[-?:] +){16}/mu

/**
 * One linear look at a text before a full parser gets it: refuses what is only written to exhaust one. Cautious, so a
 * strange but honest text may be refused; a refused one never costs more than this pass.
 */
export function guardYaml(text: string, limits: Limits): YamlProblem | undefined {
  if (text.length > limits.bytes) {
    return {
      offset: 0,
      wrong: `${text.length} characters are too many for one piece of hand-written YAML`,
      right: `keep it below ${limits.bytes}`,
    }
  }
  return tooManyExplicitKeys(text) ?? tooDeep(text) ?? tooManyKeys(text)
}

function tooManyExplicitKeys(text: string): YamlProblem | undefined {
  let count = 0
  for (const match of text.matchAll(EXPLICIT_KEY)) {
    count += 1
    if (count > MAX_EXPLICIT_KEYS) {
      return { offset: match.index, wrong: 'too many explicit keys ("? ")', right: 'write "key: value"' }
    }
  }
  const compact = COMPACT_NESTING.exec(text)
  return compact ? nesting(compact.index) : undefined
}

function nesting(offset: number): YamlProblem {
  return { offset, wrong: `nested more than ${MAX_DEPTH} levels deep`, right: 'flatten it' }
}

// Quotes count only where a scalar may start, and to the end of their line: a quote that the full parser sees
// elsewhere costs it linear time, which the size limit bounds.
function tooDeep(text: string): YamlProblem | undefined {
  let depth = 0
  let items = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code === 0x22 || code === 0x27) && startsScalar(text, at)) at = quoteEnd(text, at, code)
    else if (code === 0x5b || code === 0x7b) {
      depth += 1
      if (depth > MAX_DEPTH) return nesting(at)
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) {
      depth -= 1
      if (depth === 0) items = 0
    } else if (code === 0x2c && depth > 0) {
      items += 1
      if (items > MAX_FLOW_ITEMS) {
        return { offset: at, wrong: `more than ${MAX_FLOW_ITEMS} items between brackets`, right: 'write a block list' }
      }
    }
  }
  return undefined
}

function startsScalar(text: string, at: number): boolean {
  return at === 0 || ' \n\t[{,:-'.includes(text.charAt(at - 1))
}

function quoteEnd(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x5c && quote === 0x22) at += 1
    else if (code === quote || code === 0x0a) return at
  }
  return text.length
}

function tooManyKeys(text: string): YamlProblem | undefined {
  const counts: number[] = []
  for (const match of text.matchAll(/^( *)(?:(-)|[^\s#-][^\r\n\u2028\u2029]*:)/gmu)) {
    const indent = match[1]?.length ?? 0
    if (indent > 512) return nesting(match.index)
    counts.length = Math.min(counts.length, indent + 1)
    if (match[2] !== undefined) continue
    counts[indent] = (counts[indent] ?? 0) + 1
    if ((counts[indent] ?? 0) > MAX_KEYS) {
      return { offset: match.index, wrong: `more than ${MAX_KEYS} keys in one map`, right: 'write a list' }
    }
  }
  return undefined
}
