import { plural } from '../../src/view/plural.ts'
import type { ReactNode } from 'react'
import { missing, type ConfirmDialog } from '../../store/dialog/dialog.ts'
import { clip, widthOf, wrap } from '../format/text.ts'
import { Lines } from './TextLine.tsx'
import { plain, span, type Line } from './line.ts'

interface Props {
  readonly dialog: ConfirmDialog
  readonly width: number
  readonly height: number
}

/** The rows of the dialog before something changes the world. Pure. */
export function confirmLines(dialog: ConfirmDialog, width: number, isTight = false): readonly Line[] {
  const all = [...headLines(dialog, width), ...footLines(dialog, width)]
  return isTight ? all.filter((line) => line.length > 0) : all
}

/** As many of them as there is room for: what is asked for and the buttons always, of the facts as many as fit. Pure. */
export function fittedConfirmLines(
  dialog: ConfirmDialog,
  { width, height }: { readonly width: number; readonly height: number },
): readonly Line[] {
  const whole = confirmLines(dialog, width)
  if (whole.length <= height) return whole
  const tight = confirmLines(dialog, width, true)
  if (tight.length <= height) return tight
  const loose = footLines(dialog, width).filter((line) => line.length > 0)
  const foot = loose.length + 2 <= height ? loose : shortFoot(dialog, width)
  const head = headLines(dialog, width).filter((line) => line.length > 0)
  const room = Math.max(0, height - foot.length - 1)
  const left = head.length - room
  const more = plain(`  ${plural(left, 'more row')}`, 'dim')
  return [...head.slice(0, room), ...(left > 0 && height > foot.length ? [more] : []), ...foot]
}

/** The same where rows are rare: a field shows the end of its text. */
function shortFoot(dialog: ConfirmDialog, width: number): readonly Line[] {
  const last = (value: string, isHere: boolean): Line => field(value, isHere, width).at(-1) ?? []
  return [
    ...(dialog.reasonMode === 'none'
      ? []
      : [[span('  Reason', 'dim'), ...last(dialog.reason, dialog.focus === 'reason')]]),
    ...(dialog.expected === ''
      ? []
      : [...askedLines(dialog.expected, width), last(dialog.typed, dialog.focus === 'typed')]),
    buttons(dialog, width),
  ]
}

/** What will happen. */
function headLines(dialog: ConfirmDialog, width: number): readonly Line[] {
  const text = (value: string): readonly string[] => wrap(value, width - 4)
  return [
    [],
    ...dialog.facts.flatMap(text).map((line) => plain(`  ${line}`, 'strong')),
    ...(dialog.warnings.length === 0 ? [] : [[]]),
    ...dialog.warnings.flatMap((warning) => text(`▲ ${warning}`)).map((line) => plain(`  ${line}`, 'warning')),
    [],
  ]
}

/** What is asked for, and the buttons. */
function footLines(dialog: ConfirmDialog, width: number): readonly Line[] {
  const reasonLabel =
    dialog.reasonMode === 'required'
      ? 'Reason, required (goes to the history)'
      : 'Reason, optional (goes to the history)'
  return [
    ...(dialog.reasonMode === 'none'
      ? []
      : [plain(`  ${reasonLabel}`, 'dim'), ...field(dialog.reason, dialog.focus === 'reason', width), []]),
    ...(dialog.expected === ''
      ? []
      : [...askedLines(dialog.expected, width), ...field(dialog.typed, dialog.focus === 'typed', width), []]),
    buttons(dialog, width),
  ]
}

/** The word to type, on one row where it fits, else on rows of its own: all of it can be read. */
function askedLines(expected: string, width: number): readonly Line[] {
  if (widthOf(`  Type ${expected} to confirm`) <= width) {
    return [[span('  Type ', 'dim'), span(expected, 'strong'), span(' to confirm', 'dim')]]
  }
  return [
    plain('  Type this to confirm:', 'dim'),
    ...pieces(expected, width - 4).map((part) => plain(`  ${part}`, 'strong')),
  ]
}

/** A field shows all of its text, with the place where the next letter goes. */
function field(value: string, isHere: boolean, width: number): readonly Line[] {
  const parts = pieces(value, width - 6)
  return parts.map((part, index) => [
    span('  ┃ ', isHere ? 'accent' : 'dim'),
    span(part),
    span(isHere && index === parts.length - 1 ? '▏' : '', 'accent'),
  ])
}

/** Broken after so many columns, whatever stands there: spaces count. */
function pieces(text: string, width: number): readonly string[] {
  const parts = ['']
  for (const character of text) {
    const last = parts.at(-1) ?? ''
    if (widthOf(last + character) > Math.max(1, width)) parts.push(character)
    else parts[parts.length - 1] = last + character
  }
  return parts
}

function buttons(dialog: ConfirmDialog, width: number): Line {
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
    span(why === null ? '' : clip(`   not yet: ${why}`, width - 20 - widthOf(dialog.label)), 'dim'),
  ]
}

/** What will happen, the reason, the typed word, and the buttons. */
export function TypeToConfirm({ dialog, width, height }: Props): ReactNode {
  return <Lines lines={fittedConfirmLines(dialog, { width, height })} width={width} />
}
