/** A word for a POSIX shell, quoted only when it has to be. Pure. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-][\w@%+=:,./~-]*$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
