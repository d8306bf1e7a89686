import { compareDeployments, type Change, type DiffRow, type VersionDiff } from '../../src/domain/compare.ts'
import { deploymentById } from '../../store/selectors.ts'
import type { AppState } from '../../store/state.ts'
import { clip, clipMiddle, fit, widthOf } from '../format/text.ts'
import { dateTime } from '../format/time.ts'
import { plain, span, type Line } from '../primitives/TextLine.tsx'
import type { Tone } from '../theme/theme.ts'

export interface CompareLine {
  readonly line: Line
  readonly isChange: boolean
}

/** Times as people write them; an empty side as a dot. */
const shown = (text: string): string => (text === '' ? '·' : dateTime(text))

const MARKS: Readonly<Record<Change, string>> = { same: ' ', changed: '~', added: '+', removed: '-' }

export function currentDiff(state: AppState): VersionDiff | undefined {
  const left = deploymentById(state, state.compare?.left ?? null)
  const right = deploymentById(state, state.compare?.right ?? null)
  return left && right ? compareDeployments(left, right) : undefined
}

/** The comparison as rows: side by side from 80 columns, one below the other under that. Pure. */
export function compareLines(state: AppState, width: number): readonly CompareLine[] {
  const diff = currentDiff(state)
  if (!diff) return []
  const onlyChanges = state.compare?.onlyChanges === true
  const labels = diff.sections.flatMap(({ rows }) => rows.map(({ label }) => widthOf(label)))
  const labelWidth = Math.min(Math.floor(width * 0.2), Math.max(0, ...labels)) + 2
  return diff.sections.flatMap(({ title, rows }) => {
    const shown = rows.filter(({ change }) => !onlyChanges || change !== 'same')
    const changed = rows.filter(({ change }) => change !== 'same').length
    const note = changed === 0 ? 'equal' : `${changed} changed`
    const head = { line: [span(` ${title}`, 'strong'), span(`   ${note}`, 'dim')], isChange: false }
    if (shown.length === 0) return onlyChanges ? [] : [head]
    return [head, ...shown.flatMap((row) => rowLines(row, width, labelWidth)), { line: [], isChange: false }]
  })
}

function rowLines(row: DiffRow, width: number, labelWidth: number): readonly CompareLine[] {
  return width >= 72 ? [sideBySideRow(row, width, labelWidth)] : unifiedRow(row, width, labelWidth)
}

function sideBySideRow({ label, left, right, change }: DiffRow, width: number, labelWidth: number): CompareLine {
  const half = Math.floor((width - 3) / 2)
  const room = half - labelWidth - 3
  const tones: readonly [Tone, Tone] = change === 'same' ? ['dim', 'dim'] : ['bad', 'ok']
  return {
    isChange: change !== 'same',
    line: [
      span(`   ${fit(clip(label, labelWidth - 2), labelWidth)}`, 'dim'),
      span(fit(clipMiddle(shown(left), room), room), tones[0]),
      span(' │', 'dim'),
      span(MARKS[change], 'careful'),
      span(fit(`  ${clipMiddle(shown(right), half - 2)}`, half), tones[1]),
    ],
  }
}

function unifiedRow(
  { label, left, right, change }: DiffRow,
  width: number,
  labelWidth: number,
): readonly CompareLine[] {
  const start = `   ${fit(clip(label, labelWidth - 2), labelWidth)}`
  const room = Math.max(4, width - labelWidth - 6)
  if (change === 'same')
    return [{ line: [span(start, 'dim'), span(`  ${clipMiddle(shown(left), room)}`, 'dim')], isChange: false }]
  const lines: CompareLine[] = []
  if (left !== '')
    lines.push({ line: [span(start, 'dim'), span(`- ${clipMiddle(shown(left), room)}`, 'bad')], isChange: true })
  if (right !== '') {
    const indent = left === '' ? start : fit('', labelWidth + 3)
    lines.push({
      line: [span(indent, 'dim'), span(`+ ${clipMiddle(shown(right), room)}`, 'ok')],
      isChange: left === '',
    })
  }
  return lines.length === 0 ? [{ line: plain(start, 'dim'), isChange: false }] : lines
}
