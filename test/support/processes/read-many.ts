import { join } from 'node:path'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'

/** Reads every file of the folder that is named, all at once, then writes as many. */
const [folder = ''] = process.argv.slice(2)
const files = createNodeFiles()
const names = await files.list(folder)
const read = await Promise.all(names.map((name) => files.read(join(folder, name))))
await Promise.all(names.map((name) => files.createExclusive(join(folder, `${name}.copy`), Buffer.from('copy'))))
process.stdout.write(String(read.filter((bytes) => bytes?.length === 4).length))
