import { expect, test } from 'vitest'
import { GLOBAL_OPTIONS } from '../../../src/cli/build-program.ts'
import { addProjectFlags } from '../../../src/cli/requests/project-flags.ts'
import { COMMANDS } from '../../../src/cli/commands/index.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'

interface Proposed {
  /** Where it stands. */
  readonly path: string
  /** From the program's name to the end of the command. */
  readonly text: string
}

/** These refuse to run without a reason. */
const NEEDS_REASON = new Set(['runs abort', 'runs skip', 'runs overwrite', 'lock release'])
const SIGNED = new Set(['bagboy-tui command 1', 'bagboy-tui plan 1'])
/** Prose that names a command without proposing it. */
const END = /[.;:`'"|)\\\n]|, | – | and | which |$/u

/** Every command line that a text of the program proposes. */
function proposedCommands(): readonly Proposed[] {
  return sourceFiles('src', 'store', 'components').flatMap(({ path, text }) =>
    // What stands between the braces of a template is a value.
    [...text.replaceAll(/\$\{[^{}]*\}/gu, 'VALUE').matchAll(/\bbagboy-tui (?=[a-z])[^\n]*/gu)].map(([line]) => {
      const end = line.slice(11).search(END)
      return { path, text: line.slice(0, end === -1 ? undefined : end + 11).trim() }
    }),
  )
}

function problemOf({ text }: Proposed): string | undefined {
  const words = text.split(/\s+/u).slice(1)
  // Which one is decided when it is shown; the second is what is signed, and is shown to nobody.
  if (words.slice(0, 2).includes('VALUE') || SIGNED.has(text)) return undefined
  const spec = COMMANDS.find(({ name, alias }) => {
    const parts = name.split(' ')
    return parts.every((part, at) => words[at] === part || (at === parts.length - 1 && words[at] === alias))
  })
  if (!spec) return 'is no command'
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '')
  const known = [...spec.options, ...GLOBAL_OPTIONS].map((option) => option.flags)
  const unknown = flags.find((flag) => !known.some((one) => one.split(/[ ,]+/u).includes(flag)))
  if (unknown !== undefined) return `has no ${unknown}`
  const isShown = words.length > spec.name.split(' ').length
  return NEEDS_REASON.has(spec.name) && isShown && !flags.includes('--reason') ? 'needs --reason' : undefined
}

test('every command that a message proposes can be given as it stands there', () => {
  const found = proposedCommands()
  const wrong = found.flatMap((one) => {
    const problem = problemOf(one)
    return problem === undefined ? [] : [`${one.path}: "${one.text}" ${problem}`]
  })

  expect(found.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})

test.each([
  ['Go on: bagboy-tui runs resume 01K', { env: 'staging' }, 'Go on: bagboy-tui --env staging runs resume 01K'],
  [
    'bagboy-tui status',
    { config: 'deploy/api.yaml', env: 'eu' },
    'bagboy-tui --config deploy/api.yaml --env eu status',
  ],
  ['bagboy-tui status', {}, 'bagboy-tui status'],
  ['the cache folder of bagboy-tui is gone', { env: 'staging' }, 'the cache folder of bagboy-tui is gone'],
  ['bagboy-tui demo', { env: 'staging' }, 'bagboy-tui demo'],
  ['bagboy-tui status', { cwd: 'a "b"' }, 'bagboy-tui status'],
])('%s, proposed where the flags were %o, is for the same place', (text, place, shown) => {
  expect(addProjectFlags(text, place)).toBe(shown)
})
