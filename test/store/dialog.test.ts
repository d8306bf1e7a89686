import { expect, test } from 'vitest'
import { missing, reduceDialog, type ConfirmDialog, type Dialog } from '../../store/dialog.ts'
import { aFinding } from '../support/app-builders.ts'

function aConfirm(parts: Partial<ConfirmDialog> = {}): ConfirmDialog {
  return {
    kind: 'confirm',
    title: 'Roll back',
    facts: [],
    warnings: [],
    reasonMode: 'optional',
    reason: '',
    expected: 'v1.2.0',
    typed: '',
    label: 'Roll back',
    focus: 'cancel',
    deed: { kind: 'run' },
    lastKeyMs: 0,
    ...parts,
  }
}

function type(dialog: Dialog, text: string, isPaste = false): ConfirmDialog {
  const next = reduceDialog(dialog, { kind: 'text', text, isPaste }, 10)
  if (next.kind !== 'confirm') throw new Error('not a confirmation any more')
  return next
}

test('text that is typed on a button goes to the first field', () => {
  expect(type(aConfirm(), 'x')).toMatchObject({ focus: 'reason', reason: 'x', typed: '' })
  expect(type(aConfirm({ reasonMode: 'none' }), 'v')).toMatchObject({ focus: 'typed', typed: 'v' })
})

test('a paste never fills the word that has to be typed', () => {
  expect(type(aConfirm({ focus: 'typed' }), 'v1.2.0', true).typed).toBe('')
  expect(type(aConfirm({ focus: 'reason' }), 'INC-42', true).reason).toBe('INC-42')
})

test.each([
  [{}, '6 more characters'],
  [{ typed: 'v1.2.' }, '1 more character'],
  [{ typed: 'v1.3' }, 'the typed text differs'],
  [{ typed: 'v1.2.0' }, null],
  [{ typed: 'v1.2.0', reasonMode: 'required' as const }, 'a reason is missing'],
  [{ typed: 'v1.2.0', reasonMode: 'required' as const, reason: 'bad' }, null],
])('%o leaves the button at: %s', (parts, expected) => {
  expect(missing(aConfirm(parts))).toBe(expected)
})

test('tab goes through the fields to Cancel before it reaches the button', () => {
  let dialog: Dialog = aConfirm({ focus: 'reason' })
  const seen: string[] = []
  for (let turn = 0; turn < 4; turn += 1) {
    dialog = reduceDialog(dialog, { kind: 'next' }, 1)
    if (dialog.kind === 'confirm') seen.push(dialog.focus)
  }

  expect(seen).toEqual(['typed', 'cancel', 'ok', 'reason'])
})

test('every key restarts the half second in which Enter is deaf', () => {
  expect(type(aConfirm(), 'x').lastKeyMs).toBe(10)
})

test('only a blocking finding can be overridden', () => {
  const findings = [aFinding({ code: 'V03', severity: 'block' }), aFinding({ code: 'V09', severity: 'never' })]
  const dialog = { kind: 'findings', findings, overrides: [], index: 0 } as const

  const first = reduceDialog(dialog, { kind: 'toggle' }, 1)
  const second = reduceDialog({ ...dialog, index: 1 }, { kind: 'toggle' }, 1)
  const again = reduceDialog(first, { kind: 'toggle' }, 1)

  expect(first).toMatchObject({ overrides: ['V03'] })
  expect(second).toMatchObject({ overrides: [] })
  expect(again).toMatchObject({ overrides: [] })
})
