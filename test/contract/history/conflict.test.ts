import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deployment, FileHistory } from '../../../src/domain/deployment.ts'
import { splitConflict } from '../../../src/history/conflict/split-conflict.ts'
import { version } from '../../support/builders/a-history.ts'
import { historyProject, insertOf, NOTE, type HistoryProject } from '../../support/projects/history-project.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { HistoryEdit } from '../../../src/history/history-edit.ts'

const STYLES = ['', '--diff3', '--zdiff3'] as const

/** What git leaves of a file that both sides changed. */
function mergeByGit(ours: string, base: string, theirs: string, style: string): string {
  const folder = temporaryFolder('merge')
  const files = Object.entries({ ours, base, theirs }).map(([name, text]) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  })
  const { stdout } = spawnSync('git', ['merge-file', '-p', ...(style === '' ? [] : [style]), ...files], {
    encoding: 'utf8',
  })
  return stdout
}

interface Deploy {
  readonly version: string
  readonly timestamp: string
}

/** Deploys of one machine, each the live one until the next. */
async function deploy(project: HistoryProject, deploys: readonly Deploy[]): Promise<FileHistory> {
  for (const one of deploys) {
    await project.open().commit(({ history }) => {
      const live = history.deployments.find(({ status }) => status === 'active')
      const left: readonly HistoryEdit[] = live ? [{ kind: 'set-status', id: live.id, status: 'superseded' }] : []
      return [insertOf(one.version, { timestamp: one.timestamp, status: 'active' }), ...left]
    }, NOTE)
  }
  return (await project.open().read()).history
}

async function repair(
  project: HistoryProject,
): Promise<{ readonly history: FileHistory; readonly notes: readonly string[] }> {
  const store = project.open()
  const proposal = await store.proposeRepair(() => Promise.resolve({ source: '', changes: [] }))
  if (!proposal) throw new Error('there is nothing to repair')
  expect(proposal.isConflict).toBe(true)
  await store.acceptRepair(proposal, NOTE)
  return { history: (await project.open().read()).history, notes: proposal.notes }
}

const names = (deployments: readonly Deployment[]) => deployments.map((one) => `${one.version} ${one.timestamp}`).sort()

const at = (minute: number) => `2026-02-01T18:${String(minute).padStart(2, '0')}:00Z`
const BASE = [
  { version: 'v1.0.0', timestamp: at(0) },
  { version: 'v1.1.0', timestamp: at(1) },
]

const deploysOf = (first: number) =>
  fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 })
    .map((minors) =>
      minors.map((minor, index): Deploy => ({ version: `v2.${minor}.0`, timestamp: at(first + index * 2) })),
    )

test.each(STYLES)(
  'a repair keeps the deployments of both sides of a merge, in the style "%s"',
  { timeout: 120_000 },
  async (style) => {
    await fc.assert(
      fc.asyncProperty(deploysOf(10), deploysOf(11), fc.boolean(), async (one, other, isRebase) => {
        const [mine, yours] = [historyProject(), historyProject()]
        await deploy(mine, BASE)
        const base = mine.text()
        yours.write(base)
        const [ours, theirs] = [await deploy(mine, one), await deploy(yours, other)]
        const [first, second] = isRebase ? [yours.text(), mine.text()] : [mine.text(), yours.text()]
        mine.write(mergeByGit(first, base, second, style))

        const { history } = await repair(mine)

        const everything = new Set([...names(ours.deployments), ...names(theirs.deployments)])
        expect(names(history.deployments)).toEqual([...everything].sort())
        expect(new Set(history.deployments.map(({ id }) => id)).size).toBe(history.deployments.length)
        const live = history.deployments.filter(({ status }) => status === 'active')
        expect(live.map(({ timestamp }) => timestamp)).toEqual([
          [...one, ...other]
            .map(({ timestamp }) => timestamp)
            .sort()
            .at(-1),
        ])
        // What this machine committed keeps the ids it has in runs and in other people's notes.
        for (const { id, timestamp } of ours.deployments) {
          expect(history.deployments.find((entry) => entry.id === id)?.timestamp).toBe(timestamp)
        }
      }),
      { seed: 8, numRuns: 8 },
    )
  },
)

test('a repair keeps the holds of both sides', async () => {
  const [mine, yours] = [historyProject(), historyProject()]
  await deploy(mine, BASE)
  const base = mine.text()
  yours.write(base)
  const hold = (name: string): HistoryEdit => ({
    kind: 'hold',
    hold: { version: version(name), reason: 'bad', at: at(30) },
  })
  await mine.commit(hold('v1.0.0'))
  await yours.commit(hold('v1.1.0'))
  mine.write(mergeByGit(mine.text(), base, yours.text(), ''))

  const { history } = await repair(mine)

  expect(history.held.map((one) => one.version).sort()).toEqual(['v1.0.0', 'v1.1.0'])
})

test('a repair says which entry got another id', async () => {
  const [mine, yours] = [historyProject(), historyProject()]
  await deploy(mine, BASE)
  const base = mine.text()
  yours.write(base)
  await deploy(mine, [{ version: 'v1.2.0', timestamp: at(5) }])
  await deploy(yours, [{ version: 'v1.3.0', timestamp: at(4) }])
  mine.write(mergeByGit(mine.text(), base, yours.text(), ''))

  const { history, notes } = await repair(mine)

  expect(notes).toEqual(['v1.3.0: id 3 was used on both sides, now 4'])
  expect(history.deployments.map(({ id, version: name, status }) => [id, name, status])).toEqual([
    [3, 'v1.2.0', 'active'],
    [4, 'v1.3.0', 'superseded'],
    [2, 'v1.1.0', 'superseded'],
    [1, 'v1.0.0', 'superseded'],
  ])
})

test('a repair in a fresh clone, without records, keeps both sides', async () => {
  const [mine, yours, clone] = [historyProject(), historyProject(), historyProject()]
  await deploy(mine, BASE)
  const base = mine.text()
  yours.write(base)
  await deploy(mine, [{ version: 'v1.2.0', timestamp: at(5) }])
  await deploy(yours, [{ version: 'v1.3.0', timestamp: at(4) }])
  clone.write(mergeByGit(mine.text(), base, yours.text(), '--zdiff3'))

  const { history } = await repair(clone)

  expect(history.deployments.map((one) => one.version).sort()).toEqual(['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'])
})

describe('the sides of a conflict', () => {
  test.each([
    ['two sides', 'a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n', 'a\nb\nd\n', 'a\nc\nd\n'],
    ['an ancestor', '<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> other\n', 'b\n', 'c\n'],
    [
      'several conflicts',
      '<<<<<<< a\n1\n=======\n2\n>>>>>>> b\nm\n<<<<<<< a\n=======\n3\n>>>>>>> b\n',
      '1\nm\n',
      '2\nm\n3\n',
    ],
    [
      'a conflict inside the ancestor',
      '<<<<<<< a\n1\n||||||| base\n<<<<<<<<< x\n2\n||||||||| y\n3\n=========\n4\n>>>>>>>>> z\n=======\n5\n>>>>>>> b\n',
      '1\n',
      '5\n',
    ],
    [
      'a conflict inside a side',
      '<<<<<<< a\n<<<<<<< c\n1\n=======\n2\n>>>>>>> d\n=======\n3\n>>>>>>> b\n',
      '1\n',
      '3\n',
    ],
    ['line ends of Windows', '<<<<<<< a\r\n1\r\n=======\r\n2\r\n>>>>>>> b\r\n', '1\r\n', '2\r\n'],
    ['no line end at the end', '<<<<<<< a\n1\n=======\n2\n>>>>>>> b', '1\n', '2\n'],
  ])('with %s are told apart', (_title, text, ours, theirs) => {
    expect(splitConflict(text)).toEqual({ ours, theirs })
  })

  test.each([
    ['no end', '<<<<<<< a\n1\n=======\n2\n'],
    ['no middle', '<<<<<<< a\n1\n>>>>>>> b\n'],
    ['only an end', '1\n>>>>>>> b\n'],
    ['a middle of another size', '<<<<<<< a\n1\n=========\n2\n>>>>>>> b\n'],
  ])('with %s are not told apart', (_title, text) => {
    expect(splitConflict(text)).toBeUndefined()
  })
})
