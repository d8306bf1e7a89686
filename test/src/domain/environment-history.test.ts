import { describe, expect, test } from 'vitest'
import { activeDeployment, holdOn, type Deployment, type FileHistory } from '../../../src/domain/deployment.ts'
import { environmentHistory, everyEnvironment } from '../../../src/domain/environment-history.ts'
import { aDeployment, version } from '../../support/builders/a-history.ts'

const NOW = '2026-02-02T00:00:00Z'

/** Newest first; ids count down to 1. */
function fileOf(...entries: readonly Deployment[]): FileHistory {
  return { schema: 1, deployments: entries.map((entry, index) => ({ ...entry, id: entries.length - index })), held: [] }
}
const entryOf =
  (environment: string | undefined) =>
  (text: string, parts: Partial<Deployment> = {}) =>
    aDeployment(text, { ...(environment === undefined ? {} : { environment }), ...parts })
const production = entryOf('production')
const staging = entryOf('staging')
const unnamed = entryOf(undefined)

const of = (file: FileHistory, environment: string, fileEnvironment = 'production') =>
  environmentHistory(file, { environment, fileEnvironment })
const liveIn = (file: FileHistory, environment: string) => activeDeployment(of(file, environment))?.version

describe('what is live', () => {
  test('is one entry in every environment', () => {
    const file = fileOf(
      staging('v1.3.0', { status: 'active' }),
      production('v1.2.0', { status: 'active' }),
      staging('v1.2.0'),
      production('v1.1.0'),
    )

    expect([liveIn(file, 'production'), liveIn(file, 'staging'), liveIn(file, 'test')]).toEqual([
      'v1.2.0',
      'v1.3.0',
      undefined,
    ])
    expect(of(file, 'staging').deployments.map((one) => one.version)).toEqual(['v1.3.0', 'v1.2.0'])
  })

  test.each<[string, readonly Deployment[], string | undefined]>([
    [
      'a deployment to staging superseded it',
      [staging('v1.2.0', { status: 'active' }), production('v1.1.0')],
      'v1.1.0',
    ],
    [
      'staging was rolled back from it',
      [staging('v1.0.0', { status: 'active', kind: 'rollback' }), production('v1.1.0', { status: 'rolled_back_from' })],
      'v1.1.0',
    ],
    [
      'what failed here since changes nothing',
      [staging('v1.2.0', { status: 'active' }), production('v1.3.0', { status: 'failed' }), production('v1.1.0')],
      'v1.1.0',
    ],
    [
      'a deployment cannot roll anything back',
      [staging('v1.2.0', { status: 'active' }), production('v1.1.0', { status: 'rolled_back_from' })],
      undefined,
    ],
    ['nothing elsewhere came after it', [production('v1.1.0'), staging('v1.0.0', { status: 'active' })], undefined],
    ['what came after it elsewhere failed', [staging('v1.2.0', { status: 'failed' }), production('v1.1.0')], undefined],
    ['it was left here', [production('v1.2.0', { status: 'active' }), production('v1.1.0')], 'v1.2.0'],
  ])('in a file that earlier versions mixed is the entry whose status another environment took: %s', (...given) => {
    const [, entries, live] = given
    const file = fileOf(...entries)

    expect(liveIn(file, 'production')).toBe(live)
    const shown = everyEnvironment(file, { fileEnvironment: 'production' }).deployments
    const found = shown.find(({ environment, status }) => environment === 'production' && status === 'active')
    expect(found?.version).toBe(live)
    expect(shown).toHaveLength(entries.length)
  })
})

test('an entry that names no environment is of the one that the configuration file names', () => {
  const file = fileOf(unnamed('v1.2.0', { status: 'active' }), staging('v1.1.0', { status: 'active' }))

  expect(of(file, 'production').deployments).toHaveLength(1)
  expect(of(file, 'live', 'live').deployments.map((one) => one.version)).toEqual(['v1.2.0'])
  expect(of(file, 'staging').deployments.map((one) => one.version)).toEqual(['v1.1.0'])
})

test('a hold counts in its environment, and one that names none in all of them', () => {
  const hold = { reason: 'leaks', at: NOW }
  const file = {
    ...fileOf(production('v1.2.0', { status: 'active' })),
    held: [
      { ...hold, version: version('v1.0.0'), environment: 'staging' },
      { ...hold, version: version('v1.1.0') },
    ],
  }
  const heldIn = (environment: string) =>
    ['v1.0.0', 'v1.1.0'].filter((one) => holdOn(of(file, environment), one, NOW) !== undefined)

  expect([heldIn('production'), heldIn('staging')]).toEqual([['v1.1.0'], ['v1.0.0', 'v1.1.0']])
})
