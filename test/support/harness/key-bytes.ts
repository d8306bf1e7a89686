const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001B',
  tab: '\t',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  pgdn: '\u001B[6~',
  pgup: '\u001B[5~',
  backspace: '\u007F',
  space: ' ',
  'ctrl-c': '\u0003',
  'ctrl-r': '\u0012',
  'ctrl-d': '\u0004',
  'ctrl-u': '\u0015',
  'ctrl-l': '\f',
  home: '\u001B[H',
  end: '\u001B[F',
  'ctrl-y': '\u0019',
  'ctrl-z': '\u001A',
}

/** What a terminal sends for a key of the keymap. */
export const bytesOf = (key: string): string => KEYS[key] ?? key
