import type { Key } from 'ink'

const NAMED: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pgup'],
  ['pageDown', 'pgdn'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
]

/** The name of a key as the keymap and the help write it: `j`, `X`, `ctrl-d`, `shift-tab`, `space`. Pure. */
export function keyName(input: string, key: Key): string {
  const named = NAMED.find(([field]) => key[field] === true)
  if (named) return named[1]
  if (key.tab) return key.shift ? 'shift-tab' : 'tab'
  if (key.ctrl) return `ctrl-${input}`
  if (key.meta) return `alt-${input}`
  return input === ' ' ? 'space' : input
}

/** Whether a key is text for a field. Pure. */
export function isPrintable(name: string, input: string): boolean {
  return input !== '' && !/^(?:ctrl|alt)-/u.test(name) && !/\p{Cc}/u.test(input)
}
