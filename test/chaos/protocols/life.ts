import { writeSync } from 'node:fs'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { PROTOCOLS } from './index.ts'

/**
 * A process that goes through one protocol and ends itself with SIGKILL at the failpoint with the number it is given.
 * Arguments: folder, protocol, number. Prints what was acknowledged, a line each, and in the end the failpoints it came by.
 */
const [folder = '', name = '', killAt = '0'] = process.argv.slice(2)
const protocol = PROTOCOLS.find((candidate) => candidate.name === name)
if (!protocol) throw new Error(`there is no protocol ${name}`)
const points: string[] = []

globalThis.bagboyFailpoint = (point) => {
  if (points.push(point) === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

await protocol.act(createNodeFiles(), folder, (fact) => void writeSync(1, `told ${fact}\n`))
for (const point of points) writeSync(1, `point ${point}\n`)
process.exit(0)
