// Writes the documents that are made from the sources; with --check it only says which are stale.
//   node bin/docs.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { cliDocument } from './docs/cli-document.ts'
import { decisionsDocument } from './docs/decisions-document.ts'
import { errorsDocument } from './docs/errors-document.ts'
import { deployEventsDocument, eventsDocument, watchEventsDocument } from './docs/events-document.ts'
import { keysDocument } from './docs/keys-document.ts'
import { stateMachineDocument } from './docs/state-machine-document.ts'

const documents: readonly (readonly [file: string, text: string])[] = [
  ['docs/cli.md', cliDocument()],
  ['docs/errors.md', errorsDocument()],
  ['docs/events.md', eventsDocument(readFileSync('src/events/events.ts', 'utf8'))],
  ['docs/watch-events.md', watchEventsDocument(readFileSync('src/events/watch-events.ts', 'utf8'))],
  ['docs/deploy-events.md', deployEventsDocument(readFileSync('src/events/deploy-events.ts', 'utf8'))],
  ['docs/keys.md', keysDocument()],
  ['docs/state-machine.md', stateMachineDocument()],
  ['docs/decisions/README.md', decisionsDocument()],
]

function currentText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

const stale = documents.filter(([file, text]) => currentText(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`${file} is stale. Write it again: npm run docs\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [file, text] of stale) writeFileSync(file, text)
}
