/** One column each, as the symbols they stand for. */
const TWINS: Readonly<Record<string, string>> = {
  '●': '*',
  '✓': '+',
  '✗': 'X',
  '▲': '!',
  '◐': '~',
  '○': '.',
  '↺': '<',
  '✂': '-',
  '⊘': '#',
  '▣': 'x',
  '▢': '.',
  '▶': '>',
  '▸': '>',
  '▼': 'v',
  '━': '=',
  '─': '-',
  '│': '|',
  '┃': '|',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '┬': '+',
  '┴': '+',
  '┤': '+',
  '├': '+',
  '→': '>',
  '←': '<',
  '↓': 'v',
  '↑': '^',
  '↔': '=',
  '·': '-',
  '–': '-',
  '…': '~',
  '‖': '=',
  '▏': '_',
  '×': 'x',
}

/** Keeps every column where it is. Letters of foreign texts that ASCII lacks become `?`. Pure. */
export function asciiOnly(text: string): string {
  // eslint-disable-next-line no-control-regex -- everything outside printable ASCII is replaced
  return text.replaceAll(/[^\u0020-\u007e]/gu, (character) => TWINS[character] ?? '?')
}
