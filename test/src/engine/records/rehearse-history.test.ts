import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseHistory } from '../../../../src/history/read/parse-history.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../support/engine/engine-fixture.ts'

const REGISTRIES = ['one', 'two']
/** Longer than what the full YAML parser takes. */
const LONG = 'x'.repeat(600 * 1024)

/** Rewrites the live entry, the first of the file. */
function writeLive({ history: { file } }: EngineFixture, write: (entry: string) => string): void {
  const [head = '', live = '', ...rest] = readFileSync(file, 'utf8').split(/^(?= {2}- )/mu)
  writeFileSync(file, [head, write(live), ...rest].join(''))
}

const inOneLine = (entry: string): string => {
  const json = JSON.stringify(parseHistory('history', `deployments:\n${entry}`).history.deployments[0])
  return `  - ${json.replaceAll('":', '": ').replace('{', `{ "notes": "${LONG}", `)}\n`
}

test('a live entry that is too long to be changed as it is written refuses the run before anything is sent', async () => {
  const fixture = await createEngineFixture({ registries: REGISTRIES })
  writeLive(fixture, inOneLine)
  const plan = await fixture.engine.plan(aRequest('v1.2.0'))

  await expect(fixture.engine.run(plan, defaultApprover).result).rejects.toMatchObject({
    code: 'HISTORY_INVALID',
    message: expect.stringContaining('status cannot be set'),
  })

  expect(REGISTRIES.map((name) => fixture.world.registry(name).writes)).toEqual([[], []])
  expect(await fixture.engine.runs()).toEqual([])
})

test('a live entry of more than half a megabyte in our own form is left like any other', async () => {
  const fixture = await createEngineFixture({ registries: REGISTRIES })
  writeLive(fixture, (entry) => entry.replace(/^( +)pinned:/mu, `$1notes: "${LONG}"\n$1pinned:`))
  const plan = await fixture.engine.plan(aRequest('v1.2.0'))

  expect(await fixture.engine.run(plan, defaultApprover).result).toMatchObject({ result: 'complete', exitCode: 0 })

  const { deployments } = await fixture.readHistory()
  expect(deployments.map(({ version, status }) => `${version} ${status}`).slice(0, 2)).toEqual([
    'v1.2.0 active',
    'v1.3.0 rolled_back_from',
  ])
})
