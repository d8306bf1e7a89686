import { plural } from '../../src/view/plural.ts'
import type { Finding } from '../../src/domain/plan.ts'

export type Field = 'cancel' | 'reason' | 'typed' | 'ok'

interface Timed {
  /** Monotonic, ms. */
  readonly openedMs: number
  readonly lastKeyMs: number
}

/** A decision that changes the world: what will happen, a reason, the typed word, Cancel first. */
export interface ConfirmDialog extends Timed {
  readonly kind: 'confirm'
  readonly title: string
  readonly facts: readonly string[]
  readonly warnings: readonly string[]
  readonly reasonMode: 'none' | 'optional' | 'required'
  readonly reason: string
  /** The word to type; empty when the reason is enough. */
  readonly expected: string
  readonly typed: string
  readonly label: string
  readonly focus: Field
  /** What the button does, with the reason that was typed. */
  readonly accept: (reason: string) => void
}

export interface ChoiceOption {
  readonly value: string
  readonly label: string
}

/** A choice whose cursor starts on what does nothing. */
export interface ChoiceDialog extends Timed {
  readonly kind: 'choice'
  readonly title: string
  readonly facts: readonly string[]
  readonly options: readonly ChoiceOption[]
  readonly index: number
  readonly accept: (value: string) => void
  /** What esc does beside closing it. */
  readonly cancel?: () => void
}

/** A short harmless menu: digits choose at once. */
export interface MenuDialog {
  readonly kind: 'menu'
  readonly title: string
  readonly options: readonly ChoiceOption[]
  readonly accept: (value: string) => void
}

export interface SecretDialog extends Timed {
  readonly kind: 'secret'
  readonly title: string
  readonly typed: string
  readonly accept: (text: string) => void
  readonly cancel: () => void
}

/** All results of the checks, with their remedies; blocking ones can be overridden one by one. */
export interface FindingsDialog {
  readonly kind: 'findings'
  readonly findings: readonly Finding[]
  readonly overrides: readonly string[]
  readonly index: number
  readonly accept: (overrides: readonly string[]) => void
}

/** Text to read, or to select where the clipboard cannot be reached. */
export interface TextDialog {
  readonly kind: 'text'
  readonly title: string
  readonly lines: readonly string[]
  readonly offset: number
}

/** What a project would run and send. Enter alone opens the project untrusted: trusting takes another key first. */
export interface TrustDialog extends Timed {
  readonly kind: 'trust'
  readonly lines: readonly string[]
  readonly isTrusting: boolean
  readonly accept: (isTrusting: boolean) => void
  readonly offset: number
}

export type Dialog =
  | ConfirmDialog
  | ChoiceDialog
  | MenuDialog
  | SecretDialog
  | FindingsDialog
  | TextDialog
  | TrustDialog

/** A question that opens by itself takes no Enter for this long: it was typed for what stood there before. */
const UNREAD_MS = 500
/** Keys of one burst come closer together than this: a held key, or text that was typed into a stalled terminal. */
const BURST_MS = 100

/** Why this Enter presses no button, or `null`. In a field it only moves on, which needs no guard. Pure. */
export function enterRefusal(dialog: Dialog, nowMs: number): string | null {
  if (!('openedMs' in dialog)) return null
  const isBurst = nowMs - dialog.lastKeyMs < BURST_MS
  if (dialog.kind === 'confirm') return dialog.focus === 'ok' && isBurst ? IN_A_BURST : null
  if (nowMs - dialog.openedMs < UNREAD_MS && dialog.lastKeyMs === dialog.openedMs) return UNREAD
  return dialog.kind !== 'secret' && isBurst ? IN_A_BURST : null
}

const IN_A_BURST = 'That Enter came together with another key. Press it again.'
const UNREAD = 'This question had only just opened. Press Enter again.'

export type DialogKey =
  | { readonly kind: 'text'; readonly text: string; readonly isPaste: boolean }
  | { readonly kind: 'erase' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'next' | 'previous' }
  /** Enter in a field. */
  | { readonly kind: 'onward' }
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'toggle' }

export type DialogEvent =
  | { readonly type: 'dialog.opened'; readonly dialog: Dialog | null }
  | { readonly type: 'dialog.key'; readonly key: DialogKey; readonly atMs: number }

/** Why the button is not live, or `null` when it is. Pure. */
export function missing(dialog: ConfirmDialog): string | null {
  if (dialog.reasonMode === 'required' && dialog.reason.trim() === '') return 'a reason is missing'
  if (dialog.expected === '' || dialog.typed === dialog.expected) return null
  if (!dialog.expected.startsWith(dialog.typed)) return 'the typed text differs'
  const left = dialog.expected.length - dialog.typed.length
  return plural(left, 'more character')
}

function fieldsOf(dialog: Pick<ConfirmDialog, 'reasonMode' | 'expected'>): readonly Field[] {
  return [
    ...(dialog.reasonMode === 'none' ? [] : (['reason'] as const)),
    ...(dialog.expected === '' ? [] : (['typed'] as const)),
    'cancel',
    'ok',
  ]
}

/** One key in a dialog. Pure. */
export function reduceDialog(dialog: Dialog, key: DialogKey, nowMs: number): Dialog {
  switch (dialog.kind) {
    case 'confirm':
      return { ...reduceConfirm(dialog, key), lastKeyMs: nowMs }
    case 'secret':
      return { ...dialog, typed: edit(dialog.typed, key, MAX_FIELD_LENGTH), lastKeyMs: nowMs }
    case 'choice':
      return key.kind === 'move'
        ? { ...dialog, index: clamp(dialog.index + key.by, dialog.options.length), lastKeyMs: nowMs }
        : dialog
    case 'findings':
      return reduceFindings(dialog, key)
    case 'text':
      return key.kind === 'move' ? { ...dialog, offset: clamp(dialog.offset + key.by, dialog.lines.length) } : dialog
    case 'trust':
      if (key.kind === 'toggle') return { ...dialog, isTrusting: !dialog.isTrusting, lastKeyMs: nowMs }
      return key.kind === 'move' ? { ...dialog, offset: clamp(dialog.offset + key.by, dialog.lines.length) } : dialog
    case 'menu':
      return dialog
  }
}

function reduceConfirm(dialog: ConfirmDialog, key: DialogKey): ConfirmDialog {
  if (key.kind === 'onward') return { ...dialog, focus: isMeant(dialog) ? 'ok' : neighbour(dialog, 'next') }
  if (key.kind === 'next' || key.kind === 'previous') return { ...dialog, focus: neighbour(dialog, key.kind) }
  if (key.kind === 'move') return { ...dialog, focus: neighbour(dialog, key.by > 0 ? 'next' : 'previous') }
  // A pasted version proves nothing: it has to go through the operator's fingers.
  const isPaste = key.kind === 'text' && key.isPaste
  if (dialog.focus === 'typed' && !isPaste) {
    return { ...dialog, typed: edit(dialog.typed, key, Math.max(MAX_FIELD_LENGTH, dialog.expected.length + 1)) }
  }
  // On a button a letter does nothing.
  return dialog.focus === 'reason' ? { ...dialog, reason: edit(dialog.reason, key, MAX_FIELD_LENGTH) } : dialog
}

/** The times of a dialog that opens at this moment. */
export function openedNow({ elapsedMs }: { readonly elapsedMs: () => number }): Timed {
  return { openedMs: elapsedMs(), lastKeyMs: elapsedMs() }
}

/** What was asked for was typed: Enter may go to the button, and has to be pressed once more. Enter alone never gets there. */
function isMeant(dialog: ConfirmDialog): boolean {
  const isFilled = dialog.expected !== '' || dialog.reason.trim() !== ''
  return isFilled && missing(dialog) === null
}

/** What a feature says about its confirmation; without `expected` no word has to be typed. */
export type ConfirmParts = Pick<ConfirmDialog, 'title' | 'facts' | 'label' | 'accept'> &
  Partial<Pick<ConfirmDialog, 'warnings' | 'reasonMode' | 'expected'>>

/** A confirmation that opens at this moment. */
export function confirmDialog(parts: ConfirmParts, clock: Parameters<typeof openedNow>[0]): ConfirmDialog {
  const whole = { warnings: [], reasonMode: 'none', expected: '', ...parts } as const
  return { kind: 'confirm', reason: '', typed: '', focus: firstFocus(whole), ...openedNow(clock), ...whole }
}

/** Where a dialog begins: in its first field, and without one on Cancel. Pure. */
export function firstFocus(dialog: Pick<ConfirmDialog, 'reasonMode' | 'expected'>): Field {
  return fieldsOf(dialog)[0] ?? 'cancel'
}

export function isField(focus: Field): boolean {
  return focus === 'reason' || focus === 'typed'
}

function neighbour(dialog: ConfirmDialog, way: 'next' | 'previous'): Field {
  const fields = fieldsOf(dialog)
  const at = fields.indexOf(dialog.focus) + (way === 'next' ? 1 : -1)
  return fields[(at + fields.length) % fields.length] ?? 'cancel'
}

function reduceFindings(dialog: FindingsDialog, key: DialogKey): FindingsDialog {
  if (key.kind === 'move') return { ...dialog, index: clamp(dialog.index + key.by, dialog.findings.length) }
  const finding = dialog.findings[dialog.index]
  if (key.kind !== 'toggle' || finding?.severity !== 'block') return dialog
  const { code } = finding
  const isOn = dialog.overrides.includes(code)
  return { ...dialog, overrides: isOn ? dialog.overrides.filter((one) => one !== code) : [...dialog.overrides, code] }
}

const MAX_FIELD_LENGTH = 200

function edit(text: string, key: DialogKey, most: number): string {
  if (key.kind === 'clear') return ''
  if (key.kind === 'erase') return Array.from(text).slice(0, -1).join('')
  return key.kind === 'text' ? `${text}${key.text.replaceAll(/\s+/gu, ' ')}`.slice(0, most) : text
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1))
}
