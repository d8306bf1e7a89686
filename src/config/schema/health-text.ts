import { z } from 'zod'
import { nearestWord } from '../../domain/text/nearest-word.ts'
import { parseJsonPath } from '../../domain/text/json-path.ts'
import { PLACEHOLDERS, unknownPlaceholders } from '../../domain/text/placeholders.ts'
import { splitWords } from '../../domain/text/split-words.ts'

/** A text that may hold `${name}`. */
export const template = z.string().superRefine((text, context) => {
  const [unknown] = unknownPlaceholders(text)
  if (unknown === undefined) return
  const near = nearestWord(unknown, PLACEHOLDERS)
  const message = near ? `did you mean \${${near}}?` : `the placeholders are ${PLACEHOLDERS.join(', ')}`
  context.addIssue({ code: 'custom', message: `\${${unknown}} is no placeholder: ${message}` })
})

export const httpUrl = template.refine((text) => /^https?:\/\/[^/]/u.test(text) && canBeUrl(text), {
  error: 'write an http or https address',
})

/** `host:port`. */
export const hostAndPort = template.refine((text) => parseHostAndPort(text) !== undefined, {
  error: 'write host:port, as in db.internal:5432',
})

export function parseHostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host = '', port = ''] = /^(?:\[([^\]]+)\]|[^:\s[\]]+):(\d{1,5})$/u.exec(text) ? splitPort(text) : []
  const number = Number(port)
  return host !== '' && number > 0 && number < 65_536 ? { host, port: number } : undefined
}

function splitPort(text: string): readonly string[] {
  const at = text.lastIndexOf(':')
  return [text, text.slice(0, at).replace(/^\[|\]$/gu, ''), text.slice(at + 1)]
}

/** A command that is run without a shell. */
export function commandProblem(text: string): string | undefined {
  const split = splitWords(text)
  if (split.wrong !== undefined) return `${split.wrong}; ${split.right}`
  const [file = ''] = split.words
  if (file === '') return 'name a program'
  return /^\w+=/u.test(file) || file.startsWith('~')
    ? 'only a shell understands its beginning; write shell: true beside the command'
    : undefined
}

export const jsonPath = z.string().refine((text) => parseJsonPath(text) !== undefined, {
  error: 'write the path to one value, as in $.status or $.checks[0].state',
})

/** With something in the place of what is filled in later. */
function canBeUrl(text: string): boolean {
  return URL.canParse(text.replaceAll(/\$\{[^{}]*\}/gu, 'x'))
}
