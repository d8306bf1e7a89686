/** A text of a shorter form is found in texts that have nothing to do with the secret. */
const MIN_FORM_LENGTH = 8
/** Of a secret of several lines each that is this long is one of its own. */
const MIN_LINE_LENGTH = 16
const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** How a secret may stand in a text that repeats it: as it is, and as JSON, addresses, HTML and base64 write it. Pure. */
export function secretForms(secret: string): readonly string[] {
  const lines = secret
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= MIN_LINE_LENGTH)
  const forms = [secret, secret.replaceAll(/\s+/gu, ' '), ...lines].flatMap((text) => [text, ...encodings(text)])
  return [...new Set(forms)].filter((form) => form === secret || form.length >= MIN_FORM_LENGTH)
}

function encodings(text: string): readonly string[] {
  const address = encodeAddress(text)
  const json = escapeJson(text)
  return [
    json,
    escapeJson(json),
    address,
    address.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
    address.replaceAll('%20', '+'),
    new URLSearchParams([['', text]]).toString().slice(1),
    text.replaceAll(/[&<>"']/gu, (character) => HTML[character] ?? ''),
    ...base64Forms(text),
  ]
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** A half of a character cannot stand in an address. */
function encodeAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Without the padding, in both alphabets, wherever in a longer text it begins: what is the same for all of those. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const whole = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
    // On its own its last character counts as well.
    return [whole, ...(shift === 0 ? [encoded] : [])].flatMap((form) => [
      form,
      form.replaceAll('+', '-').replaceAll('/', '_'),
    ])
  })
}
