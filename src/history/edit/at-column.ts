import { emitItem } from './emit-yaml.ts'
import { dataOf } from '../merge/item-data.ts'

/** An entry from a list whose dashes may stand in another column, as it stands in this one. Pure. */
export function atColumn(text: string, column: number, eol: string): string {
  const dash = /^( *)- /mu.exec(text.replace(/^ *#[^\n]*$/gmu, ''))?.[1]
  return dash === undefined || dash.length === column ? text : emitItem(dataOf(text), column, eol)
}
