import { compareDeployments, type Change, type DiffRow, type VersionDiff } from '../../src/domain/compare.ts'
import type { AppState } from '../../store/state.ts'
import { clipMiddle, fit, widthOf } from '../format/text.ts'
import { age, dateTime } from '../../src/view/time.ts'
import type { Tone } from '../theme/theme.ts'
import { plain, span, type Line } from '../primitives/line.ts'
import { deploymentById } from '../../store/history/deployments.ts'

export interface CompareLine {
  readonly line: Line
  readonly isChange: boolean
}

/** Times as people write them; an empty side as a dot. */
const shown = (text: string): string => (text === '' ? '·' : dateTime(text))

/** Neither side is the good one: a healthy old version must not stand there in red. */
const TONES: Readonly<Record<Change, readonly [Tone, Tone]>> = {
  same: ['dim', 'dim'],
  changed: ['text', 'strong'],
  added: ['dim', 'strong'],
  removed: ['text', 'dim'],
}
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
  const columns = columnsOf(diff, width)
  return diff.sections.flatMap(({ title, rows }) => {
    const shown = rows.filter(({ change }) => !onlyChanges || change !== 'same')
    const changed = rows.filter(({ change }) => change !== 'same').length
    const note = changed === 0 ? 'equal' : `${changed} changed`
    const head = { line: [span(` ${title}`, 'strong'), span(`   ${note}`, 'dim')], isChange: false }
    if (shown.length === 0) return onlyChanges ? [] : [head]
    return [head, ...shown.flatMap((row) => rowLines(row, columns)), { line: [], isChange: false }]
  })
}

/** Under this many columns one side stands below the other. */
const SIDE_BY_SIDE = 72

interface Columns {
  readonly width: number
  /** With the gap behind it. */
  readonly label: number
  /** Of each side. */
  readonly half: number
}

function columnsOf({ sections }: VersionDiff, width: number): Columns {
  const longest = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(({ label }) => widthOf(label))))
  const label = Math.min(Math.floor(width * (width >= SIDE_BY_SIDE ? 0.25 : 0.4)), longest) + 2
  return { width, label, half: Math.floor((width - 3 - label - 5) / 2) }
}

/** Which version stands on which side, over {@link compareLines}. Pure. */
export function sidesLine(state: AppState, width: number): Line {
  const diff = currentDiff(state)
  if (!diff) return []
  const { label, half } = columnsOf(diff, width)
  const side = ({ version, timestamp, commit }: VersionDiff['left']): string =>
    `${version}  ${age(timestamp, state.now)}  ${commit.slice(0, 7)}`
  if (width < SIDE_BY_SIDE) return [span(`   - ${side(diff.left)}   `), span(`+ ${side(diff.right)}`, 'strong')]
  const left = fit(side(diff.left), half)
  return [span(' '.repeat(3 + label)), span(left, 'strong'), span(' │  ', 'dim'), span(side(diff.right), 'strong')]
}

function rowLines(row: DiffRow, columns: Columns): readonly CompareLine[] {
  return columns.width >= SIDE_BY_SIDE ? [sideBySideRow(row, columns)] : unifiedRow(row, columns)
}

/** Labels keep their end as well: that is where addresses differ. */
const labelText = (label: string, width: number): string => `   ${fit(clipMiddle(label, width - 2), width)}`

function sideBySideRow({ label, left, right, change }: DiffRow, { label: labelWidth, half }: Columns): CompareLine {
  const tones = TONES[change]
  return {
    isChange: change !== 'same',
    line: [
      span(labelText(label, labelWidth), 'dim'),
      span(fit(clipMiddle(shown(left), half), half), tones[0]),
      span(' │', 'dim'),
      span(MARKS[change], 'warning'),
      span(` ${fit(clipMiddle(shown(right), half), half)}`, tones[1]),
    ],
  }
}

function unifiedRow(
  { label, left, right, change }: DiffRow,
  { width, label: labelWidth }: Columns,
): readonly CompareLine[] {
  const start = labelText(label, labelWidth)
  const room = Math.max(4, width - labelWidth - 6)
  if (change === 'same')
    return [{ line: [span(start, 'dim'), span(`  ${clipMiddle(shown(left), room)}`, 'dim')], isChange: false }]
  const lines: CompareLine[] = []
  if (left !== '')
    lines.push({ line: [span(start, 'dim'), span(`- ${clipMiddle(shown(left), room)}`)], isChange: true })
  if (right !== '') {
    const indent = left === '' ? start : fit('', labelWidth + 3)
    lines.push({
      line: [span(indent, 'dim'), span(`+ ${clipMiddle(shown(right), room)}`, 'strong')],
      isChange: left === '',
    })
  }
  return lines.length === 0 ? [{ line: plain(start, 'dim'), isChange: false }] : lines
}
