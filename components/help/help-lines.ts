import type { AppState } from '../../store/state.ts'
import { fit, wrapIndented } from '../format/text.ts'
import { disabledReason, type KeyBinding, type Scope } from '../input/key-binding.ts'
import { KEYMAP } from '../input/keymap.ts'
import { plain, span, type Line } from '../primitives/line.ts'

const KEYS = 18

/** The help, made from the key table: here, move, everywhere, and what is off right now with the reason. Pure. */
export function helpLines(state: AppState, width: number): readonly Line[] {
  const text = (state.help?.text ?? '').toLowerCase()
  const hit = ({ keys, label }: KeyBinding): boolean =>
    text === '' || label.toLowerCase().includes(text) || keys.some((key) => key.toLowerCase() === text)
  const inScope = (scope: Scope): readonly KeyBinding[] => KEYMAP.filter((one) => one.scope === scope && hit(one))
  const ownKeys = inScope(state.screen)
  // On this screen its own keys replace those that mean something everywhere.
  const taken = new Set(KEYMAP.filter(({ scope }) => scope === state.screen).flatMap(({ keys }) => keys))
  const global = inScope('everywhere').filter(({ keys }) => !keys.some((key) => taken.has(key)))
  const isLive = (binding: KeyBinding): boolean => disabledReason(binding, state) === null
  const off = [...ownKeys, ...global].filter((one) => !isLive(one)).flatMap((one) => offLines(one, state, width))
  const here = ownKeys.filter(isLive).map(bindingLine)
  const everywhere = global.filter(isLive).map(bindingLine)
  const move = inScope('move').map(bindingLine)
  const lines = [
    ...section(`Here: ${state.screen}`, here),
    ...(off.length === 0 ? [] : section('Off right now', off)),
    ...(width >= 100
      ? section('Everywhere', beside(everywhere, move, width))
      : [...section('Everywhere', everywhere), ...section('Move', move)]),
    ...(text === '' ? section('Signs', signLines()) : []),
    ...(text === '' ? section('Where things are', noteLines(state, width)) : []),
  ]
  return lines.length === 0 ? [plain('   No key does that here.', 'dim')] : lines
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [plain(` ${title}`, 'strong'), ...lines, []]
}

function bindingLine({ keys, label, isDangerous }: KeyBinding): Line {
  return [span(fit(`   ${keys.join(' ')}`, KEYS), isDangerous === true ? 'warning' : 'accent'), span(label)]
}

/** The reason stands beside the label where both fit, else below it. */
function offLines(binding: KeyBinding, state: AppState, width: number): readonly Line[] {
  const { keys, label } = binding
  const head = [span(fit(`   ${keys.join(' ')}`, KEYS), 'dim'), span(label, 'dim')]
  const reason = disabledReason(binding, state) ?? ''
  if (KEYS + label.length + 2 + reason.length < width) return [[...head, span(`  ${reason}`, 'warning')]]
  const below = wrapIndented(`${' '.repeat(KEYS + 2)}${reason}`, width - 1)
  return [head, ...below.map((text) => plain(text, 'warning'))]
}

function beside(left: readonly Line[], right: readonly Line[], width: number): readonly Line[] {
  const half = Math.floor(width / 2)
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [key, label] = left[index] ?? []
    const start = [span(fit(key?.text ?? '', KEYS), key?.tone), span(fit(label?.text ?? '', half - KEYS), label?.tone)]
    return [...start, ...(right[index] ?? [])]
  })
}

function signLines(): readonly Line[] {
  return [
    [
      span('   ● live   ◐ running   ○ waiting   '),
      span('✓ ok   ', 'ok'),
      span('✗ failed   ', 'bad'),
      span('▲ warning   ⊘ protected', 'warning'),
    ],
    plain('   RW may write   RO read-only   beside it: when everything was last read, UTC', 'dim'),
  ]
}

function noteLines({ options }: AppState, width: number): readonly Line[] {
  return (options.notes ?? []).flatMap((note) => wrapIndented(`   ${note}`, width - 1)).map((text) => plain(text))
}
