/** No document that is read here is nested so deeply; what walks through one that is would run out of stack. */
const MAX_DEPTH = 200

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** `undefined` when the text is no JSON, or is nested too deeply. The parser's own message quotes the text, so it goes nowhere. */
export function parseJson(given: string | Uint8Array): unknown {
  const text = typeof given === 'string' ? given : new TextDecoder().decode(given)
  try {
    return isTooDeep(text) ? undefined : (JSON.parse(text) as unknown)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Whether lists and objects of a JSON text lie in more than 200 others. In time proportional to the text. Pure. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = stringEnd(text, index) - 1
        break
      case LIST:
      case OBJECT:
        depth += 1
        if (depth > MAX_DEPTH) return true
        break
      case LIST_END:
      case OBJECT_END:
        depth -= 1
        break
    }
  }
  return false
}

/** Behind the JSON string that begins at `start`. An expression would need a stack as long as the string. Pure. */
export function stringEnd(text: string, start: number): number {
  let index = start + 1
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) return index + 1
    index += code === BACKSLASH ? 2 : 1
  }
  return text.length
}
