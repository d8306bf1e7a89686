import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Deployment, History } from '../../../../src/domain/deployment.ts'
import { resolveTarget } from '../../../../src/planner/resolve-target.ts'
import { aDeployment } from '../../../support/builders/a-history.ts'
import { createEngineFixture, type EngineFixture } from '../../../support/engine/engine-fixture.ts'
import { historyProject, insertOf, NOTE } from '../../../support/projects/history-project.ts'

async function projectOf(entries: readonly Deployment[]): Promise<EngineFixture> {
  const fixture = await createEngineFixture({ registries: ['one'], seedIfEmpty: false })
  for (const { id: _id, ...deployment } of entries.toReversed()) {
    await fixture.history.commit(() => [{ kind: 'insert', deployment }], NOTE)
  }
  return fixture
}

function targetsOf(history: History): readonly (string | number)[] {
  return ['last-good', 'previous'].map((word) => {
    try {
      return resolveTarget(history, word, '2026-02-02T00:00:00Z').target.id
    } catch (error) {
      return (error as { readonly code: string }).code
    }
  })
}

const entry = fc
  .record({
    minor: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom('deploy' as const, 'rollback' as const),
    status: fc.constantFrom('superseded', 'failed', 'partial', 'rolled_back_from'),
    healthVerdict: fc.option(fc.constantFrom('healthy', 'unhealthy'), { nil: undefined }),
    pinned: fc.boolean(),
  })
  .map(({ minor, healthVerdict, ...parts }) =>
    aDeployment(`v1.${minor}.0`, {
      ...parts,
      ...(healthVerdict === undefined ? {} : { healthVerdict }),
      environment: 'production',
    }),
  )

test('pruning changes neither what last-good nor what previous means', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 0, max: 3 }),
      async (earlier, keep) => {
        const live = aDeployment('v2.0.0', { status: 'active', environment: 'production' })
        const { engine, readHistory } = await projectOf([live, ...earlier])
        const before = targetsOf(await readHistory())

        await engine.prune({ keep, ids: null })

        expect(targetsOf(await readHistory())).toEqual(before)
      },
    ),
    { seed: 4, numRuns: 40 },
  )
})

test('a pruned version comes back with its id, its place and its text', async () => {
  const earlier = ['v1.3.0', 'v1.2.0', 'v1.1.0', 'v1.0.0'].map((name) =>
    aDeployment(name, { environment: 'production' }),
  )
  const { engine, readHistory } = await projectOf([aDeployment('v1.4.0', { status: 'active' }), ...earlier])
  const before = await readHistory()
  const { lostVersions } = await engine.prune({ keep: 1, ids: null })

  const planned = await engine.planRestore('1.1.0')
  const unchanged = await readHistory()
  await engine.restore('@2')
  await engine.restore('v1.2.0')
  await engine.restore('v1.0.0')

  expect(lostVersions).toEqual(['v1.2.0', 'v1.1.0', 'v1.0.0'])
  expect(planned.deployments.map(({ id, version }) => `@${id} ${version}`)).toEqual(['@2 v1.1.0'])
  expect(unchanged.deployments.map(({ version }) => version)).toEqual(['v1.4.0', 'v1.3.0'])
  expect((await readHistory()).deployments).toEqual(before.deployments)
})

test('a restored version is a target again, and is not the live one', async () => {
  const { engine, readHistory } = await projectOf([
    aDeployment('v1.3.0', { status: 'active' }),
    aDeployment('v1.2.0'),
    aDeployment('v1.1.0'),
  ])
  await engine.prune({ keep: 0, ids: [1] })
  const lost = readHistory().then((history) => resolveTarget(history, 'v1.1.0', '2026-02-02T00:00:00Z'))

  await expect(lost).rejects.toMatchObject({ code: 'TARGET_UNKNOWN' })
  await engine.restore('v1.1.0')

  const history = await readHistory()
  expect(resolveTarget(history, 'v1.1.0', '2026-02-02T00:00:00Z').target.id).toBe(1)
  expect(history.deployments.filter(({ status }) => status === 'active').map(({ id }) => id)).toEqual([3])
})

test.each([
  ['v1.1.9', 'Did you mean v1.1.0?'],
  ['@7', 'Did you mean @1?'],
  ['v1.3.0', 'Did you mean v1.1.0?'],
])('what the archive does not have is named with what it has: %s', async (word, hint) => {
  const { engine } = await projectOf([
    aDeployment('v1.3.0', { status: 'active' }),
    aDeployment('v1.2.0'),
    aDeployment('v1.1.0'),
  ])
  await engine.prune({ keep: 0, ids: [1] })

  await expect(engine.planRestore(word)).rejects.toMatchObject({ code: 'TARGET_UNKNOWN', hint })
})

test('what is in the history again is not restored a second time', async () => {
  const { engine } = await projectOf([
    aDeployment('v1.3.0', { status: 'active' }),
    aDeployment('v1.2.0'),
    aDeployment('v1.1.0'),
  ])
  await engine.prune({ keep: 0, ids: [1] })
  await engine.restore('v1.1.0')

  await expect(engine.restore('v1.1.0')).rejects.toMatchObject({
    message: 'Everything the archive has of v1.1.0 is in the history.',
  })
})

test('a marked entry is not pruned when it judges a version of which an older entry stays', async () => {
  const { engine, readHistory } = await projectOf([
    aDeployment('v1.3.0', { status: 'active' }),
    aDeployment('v1.2.0'),
    aDeployment('v1.1.0', { healthVerdict: 'unhealthy' }),
    aDeployment('v1.1.0', { healthVerdict: 'healthy' }),
  ])

  await expect(engine.prune({ keep: 0, ids: [2] })).rejects.toMatchObject({
    code: 'TARGET_UNSAFE',
    message: expect.stringContaining('decides what is known of v1.1.0'),
  })
  expect((await readHistory()).deployments).toHaveLength(4)
})

test('an archived entry that says it is live is not put back', async () => {
  const project = historyProject()
  await project.commit(insertOf('v1.2.0', { status: 'active' }))

  const restored = project.commit({
    kind: 'restore',
    texts: ['  - id: 9\n    version: v1.0.0\n    timestamp: "2026-01-01T00:00:00Z"\n    status: active\n'],
  })

  await expect(restored).rejects.toMatchObject({ code: 'HISTORY_INVALID' })
})

test('an archived entry without a status is put back as superseded, also at the top', async () => {
  const project = historyProject()
  await project.commit(insertOf('v1.2.0', { status: 'active' }))

  const { history } = await project.commit({
    kind: 'restore',
    texts: ['- id: 9 # kept\n  version: v1.0.0\n  timestamp: "2026-01-01T00:00:00Z"\n'],
  })

  expect(history.deployments.map(({ id, status }) => [id, status])).toEqual([
    [9, 'superseded'],
    [1, 'active'],
  ])
})
