// One thing done with a history in a fresh process. Arguments: what, the folder of the history. Prints {ms, rssMb} as JSON.
import { join } from 'node:path'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'

const [what = '', folder = ''] = process.argv.slice(2)
const store = createHistoryStore({
  files: createNodeFiles(),
  file: join(folder, 'deployment-history.yml'),
  folder,
})
const work: Readonly<Record<string, () => Promise<unknown>>> = {
  read: () => store.read(),
  glance: () => store.readIndexed(),
  newest: () => store.readRecent(50),
}

const start = performance.now()
await work[what]?.()
const ms = performance.now() - start
process.stdout.write(JSON.stringify({ ms, rssMb: process.resourceUsage().maxRSS / 1000 }))
