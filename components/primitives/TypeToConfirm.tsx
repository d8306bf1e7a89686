import type { ReactNode } from 'react'
import { missing, type ConfirmDialog } from '../../store/dialog.ts'
import { wrap } from '../format/text.ts'
import { useLayout } from '../store-context.ts'
import { Lines, plain, span, type Line } from './TextLine.tsx'

/** Under this many rows blank ones are left out. */
export const TIGHT_ROWS = 20

/** The rows of the dialog before something changes the world. Pure. */
export function confirmLines(dialog: ConfirmDialog, width: number, isTight = false): readonly Line[] {
  const lines = looseLines(dialog, width)
  return isTight ? lines.filter((line) => line.length > 0) : lines
}

function looseLines(dialog: ConfirmDialog, width: number): readonly Line[] {
  const text = (value: string): readonly string[] => wrap(value, width - 4)
  const field = (value: string, isHere: boolean): Line => [
    span('  ┃ ', isHere ? 'accent' : 'dim'),
    span(value),
    span(isHere ? '▏' : '', 'accent'),
  ]
  const reasonLabel =
    dialog.reasonMode === 'required'
      ? 'Reason, required (goes to the history)'
      : 'Reason, optional (goes to the history)'
  return [
    [],
    ...dialog.facts.flatMap(text).map((line) => plain(`  ${line}`, 'strong')),
    ...(dialog.warnings.length === 0 ? [] : [[]]),
    ...dialog.warnings.flatMap((warning) => text(`▲ ${warning}`)).map((line) => plain(`  ${line}`, 'careful')),
    [],
    ...(dialog.reasonMode === 'none'
      ? []
      : [plain(`  ${reasonLabel}`, 'dim'), field(dialog.reason, dialog.focus === 'reason'), []]),
    ...(dialog.expected === ''
      ? []
      : [
          [span('  Type ', 'dim'), span(dialog.expected, 'strong'), span(' to go on', 'dim')],
          field(dialog.typed, dialog.focus === 'typed'),
          [],
        ]),
    buttons(dialog),
  ]
}

function buttons(dialog: ConfirmDialog): Line {
  const why = missing(dialog)
  const isCancel = dialog.focus !== 'ok'
  const button = (label: string, isHere: boolean): string => (isHere ? `[ ${label} ]` : `  ${label}  `)
  return [
    span('  '),
    span(button('Cancel', isCancel), dialog.focus === 'cancel' ? 'accent' : 'strong'),
    span('      '),
    span(
      button(dialog.label, dialog.focus === 'ok'),
      why === null ? (dialog.focus === 'ok' ? 'accent' : 'text') : 'dim',
    ),
    span(why === null ? '' : `   not yet: ${why}`, 'dim'),
  ]
}

/** What will happen, the reason, the typed word; Cancel is where Enter is first. */
export function TypeToConfirm({
  dialog,
  width,
}: {
  readonly dialog: ConfirmDialog
  readonly width: number
}): ReactNode {
  return <Lines lines={confirmLines(dialog, width, useLayout().contentRows < TIGHT_ROWS)} width={width} />
}
