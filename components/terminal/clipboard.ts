/** Terminals cut longer OSC 52 sequences off, some without a word. Base64 characters. */
const MAX_ENCODED = 74_994

export interface CopyResult {
  /** What to write to the terminal; empty when the text is too long for it. */
  readonly sequence: string
  /** What to tell the operator. */
  readonly note: string
}

/** OSC 52, which reaches the operator's own clipboard through ssh; wrapped for tmux. Pure. */
export function copySequence(text: string, env: Readonly<Record<string, string | undefined>>): CopyResult {
  const encoded = Buffer.from(text, 'utf8').toString('base64')
  if (encoded.length > MAX_ENCODED)
    return { sequence: '', note: 'Too long for the clipboard: select it on the screen.' }
  const plain = `\u001B]52;c;${encoded}\u0007`
  if (env['TMUX'] === undefined || env['TMUX'] === '') return { sequence: plain, note: 'Copied through the terminal.' }
  return {
    sequence: `\u001BPtmux;${plain.replaceAll('\u001B', '\u001B\u001B')}\u001B\\`,
    note: 'Copied through tmux; if it is empty: tmux set -g set-clipboard on, allow-passthrough on',
  }
}
