import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownDocument, markdownTable } from './markdown.ts'

const FOLDER = 'docs/decisions'
const NAME = /^(?<number>\d{4})-[a-z0-9-]+\.md$/u
const HEAD = /^# (?<number>\d{4})(?::)? (?<title>.+)\n\n\*\*Status\*\*: (?<status>[^*]+?)\n\n/u
const STATUS = /^(?:Proposed|Accepted|Rejected|Superseded by \[\d{4}\]\([^)]+\))(?:\.|$)/u

/** The index of the decisions. @throws for a page without its number, its title or a status */
export function decisionsDocument(): string {
  const rows = readdirSync(FOLDER)
    .filter((name) => name !== 'README.md')
    .sort()
    .map((name) => rowOf(name, readFileSync(join(FOLDER, name), 'utf8')))
  return markdownDocument('Decisions', `the pages of ${FOLDER}`, [
    'Each page records one decision: its context, what was decided, and the consequences. A decision that no longer holds is\nkept, with the status `Superseded by` and a link to its successor.',
    markdownTable(['Number', 'Decision', 'Status'], rows),
  ])
}

export function rowOf(name: string, text: string): readonly string[] {
  const { number, title = '', status = '' } = HEAD.exec(text)?.groups ?? {}
  const isWhole = number !== undefined && number === NAME.exec(name)?.groups?.['number']
  const oneLine = status.replaceAll(/\s+/gu, ' ').replace(/^a/u, 'A')
  if (isWhole && STATUS.test(oneLine)) return [`[${number}](${name})`, title, oneLine]
  throw new Error(`${FOLDER}/${name} has to begin with "# NNNN Title" and "**Status**: Accepted"`)
}
