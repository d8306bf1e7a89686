import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printFigure } from '../support/servers/print-figure.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { crashStates, type DiskModel } from './disk/crash-states.ts'
import { openDisk } from './disk/disk-files.ts'
import type { Recorded, Recording } from './disk/effects.ts'
import { NAIVE_WRITERS, SOUND_WRITER, type Writer } from './disk/naive-writers.ts'
import { recordCalls } from './disk/record-calls.ts'
import { PROTOCOLS } from './protocols/index.ts'
import type { Protocol } from './protocols/protocol.ts'
import { createNodeFiles } from '../../src/platform/node/files/files.ts'

const MODELS: readonly DiskModel[] = ['ordered', 'weak']

interface Tally {
  readonly stateCount: number
  readonly bad: readonly string[]
}

async function record({ prepare, act }: Protocol): Promise<{ readonly recording: Recording; readonly folder: string }> {
  const folder = temporaryFolder('crash-states')
  await prepare(createNodeFiles(), folder)
  const { files, acknowledge, recording } = recordCalls(folder)
  await act(files, folder, acknowledge)
  return { recording: recording(), folder }
}

async function tally(
  protocol: Protocol,
  { recording, folder }: { readonly recording: Recording; readonly folder: string },
  model: DiskModel,
  mostBad = Number.POSITIVE_INFINITY,
): Promise<Tally> {
  const bad: string[] = []
  let stateCount = 0
  for (const { disk, acknowledged } of crashStates(recording, model)) {
    if (bad.length >= mostBad) break
    stateCount += 1
    const wrong = await protocol.check(await openDisk(disk, folder), folder, acknowledged)
    if (wrong.length > 0)
      bad.push(`after ${acknowledged.join(', ')} with ${[...disk.names.keys()].join(' ')}: ${wrong.join('; ')}`)
  }
  return { stateCount, bad }
}

/** As if the program had never asked for it. */
function without(recording: Recording, kind: Recorded['kind']): Recording {
  return { ...recording, recorded: recording.recorded.filter((one) => one.kind !== kind) }
}

describe.each(PROTOCOLS)('a power cut at any moment of: $name', (protocol) => {
  test.each(MODELS)('leaves nothing that cannot be read, and nothing acknowledged is lost (%s disk)', async (model) => {
    const recorded = await record(protocol)

    const { stateCount, bad } = await tally(protocol, recorded, model)

    expect(bad).toEqual([])
    expect(stateCount).toBeGreaterThanOrEqual(4)
    printFigure('4', `${protocol.name}, ${model} disk: 0 bad of ${stateCount} states`)
  })

  test.for(['sync-node', 'sync-folder'] as const)('would be found out without %s', async (kind, context) => {
    const { recording, folder } = await record(protocol)
    const hasBytes = recording.recorded.some((one) => one.kind === 'write')
    if (kind === 'sync-node' && !hasBytes) return context.skip('it writes names only, no bytes')

    const { bad } = await tally(protocol, { recording: without(recording, kind), folder }, 'weak', 1)

    expect(bad).toHaveLength(1)
  })
})

/** A file that is replaced twice, in whichever way. */
function replacing(write: Writer): Protocol & { readonly write: Writer } {
  const path = (folder: string) => join(folder, 'state')
  const text = (round: number) => Buffer.from(`round ${round}\n`.repeat(20))
  return {
    name: 'a file replaced twice',
    write,
    prepare: (files, folder) => files.replace(path(folder), text(0)),
    act: () => Promise.resolve(),
    async check(files, folder, acknowledged) {
      const content = Buffer.from((await files.read(path(folder))) ?? '').toString()
      const round = [0, 1, 2].find((candidate) => content === text(candidate).toString())
      if (round === undefined) return ['it cannot be read']
      const told = Math.max(0, ...acknowledged.map(Number))
      return round >= told ? [] : [`round ${told} was acknowledged and is lost`]
    },
  }
}

async function tallyWriter(
  write: Writer,
): Promise<{ readonly states: number; readonly unreadable: number; readonly lost: number }> {
  const protocol = replacing(write)
  const folder = temporaryFolder('writers')
  mkdirSync(folder, { recursive: true })
  await protocol.prepare(createNodeFiles(), folder)
  const { system, acknowledge, recording } = recordCalls(folder)
  for (const round of [1, 2]) {
    await write(system, join(folder, 'state'), Buffer.from(`round ${round}\n`.repeat(20)))
    acknowledge(String(round))
  }
  const both = await Promise.all(MODELS.map((model) => tally(protocol, { recording: recording(), folder }, model)))
  const bad = both.flatMap((one) => one.bad)
  const lost = bad.filter((what) => what.includes('is lost')).length
  return { states: both.reduce((sum, { stateCount }) => sum + stateCount, 0), unreadable: bad.length - lost, lost }
}

describe('the ways in which other tools replace a file', () => {
  test.each(Object.entries(NAIVE_WRITERS))('%s: is found out', async (name, write) => {
    const { states, unreadable, lost } = await tallyWriter(write)

    expect(unreadable + lost).toBeGreaterThan(0)
    printFigure('4', `${name}: of ${states} states ${unreadable} unreadable, ${lost} with an acknowledged write lost`)
  })

  test('write beside, fsync, rename, fsync of the folder: nothing is found', async () => {
    const { states, unreadable, lost } = await tallyWriter(SOUND_WRITER)

    expect({ unreadable, lost }).toEqual({ unreadable: 0, lost: 0 })
    expect(states).toBeGreaterThan(20)
    printFigure('4', `write beside, fsync, rename, fsync of the folder: of ${states} states 0 bad`)
  })
})
