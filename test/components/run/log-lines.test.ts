import { expect, test } from 'vitest'
import { logLines } from '../../../components/run/log-lines.ts'
import type { LogLine } from '../../../store/run/run-state.ts'

const line = (step: string, text: string): LogLine => ({ at: '2026-02-03T03:14:01.000Z', step, text, tone: 'dim' })
const rows = (log: readonly LogLine[]): readonly string[] =>
  logLines(log, 10).map((spans) => spans.map(({ text }) => text).join(''))

test('a registry is called by its format, and lines without one stand under it', () => {
  expect(rows([line('', 'run started'), line('npm:hello@https://npm.example.com', 'started')])).toEqual([
    ' 03:14:01Z          run started',
    ' 03:14:01Z  npm     started',
  ])
})

test('two packages of one format are told apart', () => {
  expect(rows([line('npm:@acme/a@r', 'started'), line('npm:@acme/b@r', 'started'), line('brew:a@r', 'done')])).toEqual([
    ' 03:14:01Z  npm:@acme/a  started',
    ' 03:14:01Z  npm:@acme/b  started',
    ' 03:14:01Z  brew         done',
  ])
})
