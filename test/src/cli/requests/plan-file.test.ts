import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPlanFile, writePlanFile } from '../../../../src/cli/requests/plan-file.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { aPlan, aStep } from '../../../support/builders/a-plan.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const platform = createNodePlatform()
const text = (plan: unknown): string => JSON.stringify(plan, null, 2)

/** What reading the file is answered with, when `make` has made it. */
async function faultOf(make: (file: string) => void): Promise<{ code: string; message: string; file: string }> {
  const file = join(temporaryFolder('plan-file'), 'plan.json')
  make(file)
  const error: unknown = await readPlanFile(platform, '/', file).catch((reason: unknown) => reason)
  return { ...(error as { code: string }), message: (error as Error).message, file }
}

test('a plan that was saved is read as it was', async () => {
  const folder = temporaryFolder('plan-file')
  const plan = aPlan({ findings: [] })
  await writePlanFile(platform, folder, 'plan.json', plan)

  expect(await readPlanFile(platform, folder, 'plan.json')).toEqual(plan)
})

const program = { kind: 'exec', title: 'x', file: '/bin/sh', args: ['-c', 'true'] }
const withActions = (actions: readonly unknown[]) => text({ ...aPlan(), steps: [{ ...aStep('npm'), actions }] })
const TEXTS: readonly (readonly [string, string, string])[] = [
  ['runs a program', withActions([program]), 'steps.0.actions.0.kind: no plan has an action of the kind "exec"'],
  ['names no kind', withActions([{ title: 'x' }]), 'steps.0.actions.0.kind: no plan has an action of the kind that'],
  ['has a key that plans do not have', text({ ...aPlan(), host: 'x' }), 'host'],
  ['has such a key in a step', text({ ...aPlan(), steps: [{ ...aStep('npm'), shell: 'x' }] }), 'steps.0: '],
  [
    'names a key twice',
    text(aPlan()).replace('"kind":', '"hold": false,\n"kind":'),
    'hold: the key stands there twice',
  ],
  ['lacks a key', text({ ...aPlan(), hold: undefined }), 'hold: '],
  ['has a parallelism below one', text({ ...aPlan(), parallelism: 0 }), 'parallelism: '],
  [
    'claims to be of a rollback that started by itself',
    text({ ...aPlan(), trigger: { kind: 'http' } }),
    'trigger: only a rollback that starts by itself has one',
  ],
  [
    'is nested without end',
    text({ ...aPlan(), trigger: {} }).replace(
      '"trigger": {}',
      `"trigger": {"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ),
    'it is nested too deeply',
  ],
  [
    'names a key twice behind a long text',
    text({ ...aPlan(), reason: '\\'.repeat(2_000_000) }).replace('"kind":', '"hold": false,\n"kind":'),
    'hold: the key stands there twice',
  ],
  ['is cut off', text(aPlan()).slice(0, 80), 'JSON'],
]

test.each(TEXTS)('a plan file that %s is refused with its name and the place in it', async (_what, content, fault) => {
  const { code, message, file } = await faultOf((path) => writeFileSync(path, content))

  expect(code).toBe('PLAN_INVALID')
  expect(message).toContain(`${file}: `)
  expect(message).toContain(fault)
})

const NO_FILES: readonly (readonly [string, (file: string) => void])[] = [
  ['a folder', (file) => mkdirSync(file)],
  ['a named pipe', (file) => void execFileSync('mkfifo', [file])],
  ['a link to a device', (file) => symlinkSync('/dev/zero', file)],
  ['nothing at all', () => undefined],
  [
    'a file of many gigabytes',
    (file) => {
      writeFileSync(file, '')
      truncateSync(file, 2 ** 36)
    },
  ],
  ['bytes that are no text', (file) => writeFileSync(file, Uint8Array.of(0x7b, 0xff, 0x7d))],
]

test.each(NO_FILES)('where a plan is expected, %s is refused and not waited for', async (_what, make) => {
  const { code, message, file } = await faultOf(make)

  expect(code).toBe('PLAN_INVALID')
  expect(message).toContain(`${file}: `)
})

test('an older plan without the flag for manual steps is read', async () => {
  const { isManual: _isManual, ...step } = aStep('npm')
  const folder = temporaryFolder('plan-file')
  writeFileSync(join(folder, 'plan.json'), text({ ...aPlan(), steps: [step] }))

  expect((await readPlanFile(platform, folder, 'plan.json')).steps[0]?.isManual).toBe(false)
})
