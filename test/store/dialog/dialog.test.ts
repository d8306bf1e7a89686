import { expect, test } from 'vitest'
import {
  enterRefusal,
  firstFocus,
  missing,
  reduceDialog,
  type ConfirmDialog,
  type Dialog,
} from '../../../store/dialog/dialog.ts'
import { aFinding } from '../../support/builders/app-builders.ts'

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
    accept: () => undefined,
    openedMs: 0,
    lastKeyMs: 0,
    ...parts,
  }
}

function type(dialog: Dialog, text: string, isPaste = false): ConfirmDialog {
  const next = reduceDialog(dialog, { kind: 'text', text, isPaste }, 10)
  if (next.kind !== 'confirm') throw new Error('not a confirmation any more')
  return next
}

test.each(['cancel', 'ok'] as const)('text that is typed on the button %s goes nowhere', (focus) => {
  const dialog = aConfirm({ focus, reason: 'bad', typed: 'v1.2.0' })

  expect(type(dialog, 'x')).toMatchObject({ focus, reason: 'bad', typed: 'v1.2.0' })
  expect(reduceDialog(dialog, { kind: 'erase' }, 10)).toMatchObject({ focus, reason: 'bad', typed: 'v1.2.0' })
})

test('a dialog begins in its first field, and on Cancel where nothing is asked for', () => {
  expect(firstFocus({ reasonMode: 'optional', expected: 'v1.2.0' })).toBe('reason')
  expect(firstFocus({ reasonMode: 'none', expected: 'v1.2.0' })).toBe('typed')
  expect(firstFocus({ reasonMode: 'none', expected: '' })).toBe('cancel')
})

test('Enter alone goes from an empty reason to Cancel; what was typed leads to the button', () => {
  const promote = aConfirm({ expected: '', focus: 'reason' })
  const onward = (dialog: ConfirmDialog) => reduceDialog(dialog, { kind: 'onward' }, 10)

  expect(onward(promote)).toMatchObject({ focus: 'cancel' })
  expect(onward({ ...promote, reason: 'it is well' })).toMatchObject({ focus: 'ok' })
  expect(onward(aConfirm({ focus: 'typed', typed: 'v1.2.0' }))).toMatchObject({ focus: 'ok' })
})

test('Enter counts at once in a field and on Cancel; on the button only behind a burst of keys', () => {
  const at = (focus: ConfirmDialog['focus']) => aConfirm({ focus, openedMs: 0, lastKeyMs: 1000 })

  expect(enterRefusal(at('typed'), 1001)).toBeNull()
  expect(enterRefusal(at('cancel'), 1001)).toBeNull()
  expect(enterRefusal(at('ok'), 1001)).toContain('Press it again')
  expect(enterRefusal(at('ok'), 1150)).toBeNull()
})

test('a question that opens by itself takes no Enter that was typed before it could be read', () => {
  const question = {
    kind: 'choice',
    title: 'Some registries failed',
    facts: [],
    options: [],
    index: 0,
    accept: () => undefined,
    openedMs: 1000,
    lastKeyMs: 1000,
  } as const

  expect(enterRefusal(question, 1400)).toContain('Press Enter again')
  expect(enterRefusal(question, 1600)).toBeNull()
  expect(enterRefusal({ ...question, lastKeyMs: 1200 }, 1400)).toBeNull()
})

test('a version longer than any other field can be typed', () => {
  const expected = `v1.2.0-${'long.'.repeat(60)}1`

  expect(missing(type(aConfirm({ focus: 'typed', expected }), expected))).toBeNull()
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
  const dialog = { kind: 'findings', findings, overrides: [], index: 0, accept: () => undefined } as const

  const first = reduceDialog(dialog, { kind: 'toggle' }, 1)
  const second = reduceDialog({ ...dialog, index: 1 }, { kind: 'toggle' }, 1)
  const again = reduceDialog(first, { kind: 'toggle' }, 1)

  expect(first).toMatchObject({ overrides: ['V03'] })
  expect(second).toMatchObject({ overrides: [] })
  expect(again).toMatchObject({ overrides: [] })
})
