import { writeSync } from 'node:fs'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { goOn, openWorld, type LifeOptions } from './scene.ts'

/**
 * A process that starts a rollback, or goes on with one, and ends itself with SIGKILL at the failpoint with the number it
 * is given. Prints the names of the failpoints it came by and how it ended; nothing when it was killed.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as LifeOptions
const points: string[] = []

globalThis.bagboyFailpoint = (name) => {
  if (points.push(name) === options.killAt) process.kill(process.pid, 'SIGKILL')
}

const { engine } = await openWorld(options)
const ending = await goOn(engine, options.scenario, options.isFirst).catch((error: unknown) => {
  if (error instanceof BagboyError) return error.code
  throw error
})
writeSync(1, JSON.stringify({ points, ending }))
process.exit(0)
