import { writeSync } from 'node:fs'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { insertOf } from '../projects/history-project.ts'

/** A process that commits one deployment after the other and says each that is acknowledged: `FOLDER FILE NAME COUNT`. */
const [folder = '', file = '', name = '', count = '1'] = process.argv.slice(2)
const store = createHistoryStore({ files: createNodeFiles(), file, folder })

for (let index = 1; index <= Number(count); index += 1) {
  const version = `${name}.${index}`
  const note = { run: version, epoch: 1, purpose: 'test', actor: { user: name } }
  const { deploymentId } = await store.commit(() => [insertOf(version, { packages: [] })], note)
  writeSync(1, `${version} ${deploymentId}\n`)
}
