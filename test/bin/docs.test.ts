import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cliDocument } from '../../bin/docs/cli-document.ts'
import { decisionsDocument, rowOf } from '../../bin/docs/decisions-document.ts'
import { errorsDocument } from '../../bin/docs/errors-document.ts'
import { eventsDocument, watchEventsDocument } from '../../bin/docs/events-document.ts'
import { keysDocument } from '../../bin/docs/keys-document.ts'
import { stateMachineDocument } from '../../bin/docs/state-machine-document.ts'
import { KEYMAP } from '../../components/input/keymap.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { ERRORS } from '../../src/errors/codes.ts'
import { TRANSITIONS } from '../../src/machine/transitions.ts'

const declaration = readFileSync('src/events/events.ts', 'utf8')

test('every event of the declaration is documented with all of its fields', () => {
  const text = eventsDocument(declaration)

  const names = [...declaration.matchAll(/type: '([\w.]+)'/gu)].map(([, name]) => name)
  const headings = [...text.matchAll(/^## `(.+)`$/gmu)].map(([, name]) => name)
  expect(headings).toEqual(names)
  expect(names.length).toBeGreaterThan(15)
  expect(text).toContain('| `revision` | `string \\| null` |  |')
  expect(text).toContain('| `key` | `string` | Idempotency key: stable across attempts and processes. |')
})

test('every event of a watch is documented with all of its fields', () => {
  const source = readFileSync('src/events/watch-events.ts', 'utf8')
  const text = watchEventsDocument(source)

  const names = [...source.matchAll(/readonly type: '([\w.]+)'/gu)].map(([, name]) => name)
  const headings = [...text.matchAll(/^## `(.+)`$/gmu)].map(([, name]) => name)
  expect(headings).toEqual(names)
  expect(names.length).toBeGreaterThan(15)
  expect(text).toContain(
    '| `endsAt` | `string \\| null` | When a watch of a window is over; `null` for one that goes on. |',
  )
})

test('an event without a type is not documented in silence', () => {
  const broken = "export type RunEvent =\n  | { readonly kind: 'x' }\n\n"

  expect(() => eventsDocument(broken)).toThrow('an event without a type')
})

test('every arrow of the state machine is drawn', () => {
  const text = stateMachineDocument()

  for (const [from, signals] of Object.entries(TRANSITIONS)) {
    for (const [signal, to] of Object.entries(signals)) expect(text).toContain(`  ${from} --> ${to}: ${signal}\n`)
  }
})

test('every error code stands with its exit code', () => {
  const text = errorsDocument()

  for (const [code, exit] of Object.entries(ERRORS)) expect(text).toContain(`| \`${code}\` | ${exit} | `)
})

test('every command and every key is documented', () => {
  const [commands, keys] = [cliDocument(), keysDocument()]

  for (const { name, summary } of COMMANDS) {
    expect(commands).toContain(`## \`bagboy-tui ${name}\``)
    expect(commands).toContain(summary)
  }
  for (const { label } of KEYMAP) expect(keys).toContain(`| ${label} |`)
})

test('the index lists every decision once, under its own number and with its status', () => {
  const pages = readdirSync('docs/decisions').filter((name) => name !== 'README.md')
  const rows = [...decisionsDocument().matchAll(/^\| \[(\d{4})\]\(([^)]+)\) \| .+ \| Accepted.* \|$/gmu)]

  expect(rows.map(([, , file]) => file)).toEqual(pages.toSorted())
  expect(new Set(rows.map(([, number]) => number)).size).toBe(pages.length)
})

test('a decision that was replaced names its successor', () => {
  const page = '# 0001 Old\n\n**Status**: Superseded by [0002](0002-new.md)\n\nText.\n'

  expect(rowOf('0001-old.md', page)).toEqual(['[0001](0001-old.md)', 'Old', 'Superseded by [0002](0002-new.md)'])
})

test.each([
  ['another number', '# 0002 Old\n\n**Status**: Accepted\n\nText.\n'],
  ['no status', '# 0001 Old\n\nText.\n'],
  ['an unknown status', '# 0001 Old\n\n**Status**: Fine\n\nText.\n'],
])('a decision with %s is refused', (_title, page) => {
  expect(() => rowOf('0001-old.md', page)).toThrow('0001-old.md has to begin with')
})
