/** The text without any `ending`s at its end; unlike `/x+$/`, in time in proportion to its length. Pure. */
export function trimEnd(text: string, ending: string): string {
  if (ending === '') return text
  let end = text.length
  while (text.endsWith(ending, end)) end -= ending.length
  return text.slice(0, end)
}
