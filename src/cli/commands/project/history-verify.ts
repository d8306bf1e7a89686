import { EXIT } from '../../../errors/codes.ts'
import type { HistoryCheck } from '../../../history/repair/verify-history.ts'
import type { Invocation } from '../../command.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line, Span, Tone } from '../../../view/text.ts'

export async function runHistoryVerify({ output, open }: Invocation): Promise<number> {
  const { engine } = await open()
  const checks = await engine.verifyHistory()
  await output.answer(checks, () => renderChecks(checks))
  return checks.some(({ state }) => state === 'bad') ? EXIT.invalidInput : EXIT.ok
}

const STATES = {
  good: { text: '✓', tone: 'ok' },
  note: { text: '·', tone: 'dim' },
  bad: { text: '✗', tone: 'bad' },
} as const satisfies Record<HistoryCheck['state'], { readonly text: string; readonly tone: Tone }>

const COLUMNS = [{ title: '' }, { title: 'WHAT' }, { title: 'FOUND' }] as const

function renderChecks(checks: readonly HistoryCheck[]): readonly Line[] {
  const rows = checks.map(({ what, state, detail }): readonly Span[] => [STATES[state], what, detail])
  const badCount = checks.filter(({ state }) => state === 'bad').length
  const remedies = new Set(checks.flatMap(({ state, remedy }) => (state === 'bad' && remedy !== '' ? [remedy] : [])))
  const verdict: Line =
    badCount === 0 ? { text: 'Nothing is wrong.', tone: 'ok' } : { text: `${badCount} things are wrong.`, tone: 'bad' }
  return [...renderTable(COLUMNS, rows), '', verdict, ...[...remedies].map((remedy) => `  ${remedy}`)]
}
