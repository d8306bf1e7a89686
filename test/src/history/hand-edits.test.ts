import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { historyProject, insertOf, NOTE, type HistoryProject } from '../../support/projects/history-project.ts'
import { SEED_HISTORY } from '../../support/builders/history-texts.ts'
import type { HistoryEdit } from '../../../src/history/history-edit.ts'
import { roundCount, SEED } from '../../support/effort.ts'

/** Two committed entries on top of the seed's two. */
async function committedProject(): Promise<HistoryProject> {
  const project = historyProject(SEED_HISTORY)
  await project.commit(insertOf('v2.0.0'))
  await project.commit(insertOf('v3.0.0'))
  return project
}

const hold = (version: string): HistoryEdit => ({
  kind: 'hold',
  hold: { version: version as never, reason: 'bad', at: '2026-02-01T18:00:00Z' },
})
const versionsIn = async (project: HistoryProject) =>
  (await project.open().read()).history.deployments.map(({ version }) => version)

describe('an editor that saves what it opened before others committed', () => {
  test('loses neither the commits nor the edit', async () => {
    const project = await committedProject()
    const opened = project.text()
    await project.commit(insertOf('v4.0.0'))
    await project.commit({ kind: 'set-status', id: 4, status: 'rolled_back_from' }, hold('v3.0.0'))
    project.write(opened.replace('commit: "def456"', 'commit: "def456" # checked by hand'))

    const { history, warnings } = await project.open().read()
    await project.commit({ kind: 'set-pinned', id: 5, pinned: true })

    expect(history.deployments.map(({ id, status }) => [id, status])).toEqual([
      [5, 'superseded'],
      [4, 'rolled_back_from'],
      [3, 'superseded'],
      [2, 'active'],
      [1, 'rolled_back_from'],
    ])
    expect(history.held.map(({ version }) => version)).toEqual(['v3.0.0'])
    expect(warnings).toEqual([expect.stringMatching(/edited by hand/u)])
    expect(project.text()).toContain('# checked by hand')
    expect(await versionsIn(project)).toEqual(['v4.0.0', 'v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
  })

  test('keeps its words on an entry whose status was committed meanwhile', async () => {
    const project = await committedProject()
    const opened = project.text()
    await project.commit({ kind: 'set-status', id: 4, status: 'rolled_back_from' })
    project.write(opened.replace(/(id: 4\n[^]*?)(commit: "[^"]*")/u, '$1$2 # the one that broke the login'))

    const { history } = await project.open().read()
    await project.commit({ kind: 'set-pinned', id: 3, pinned: true })

    expect(history.deployments[0]).toMatchObject({ id: 4, status: 'rolled_back_from' })
    expect(project.text()).toMatch(/# the one that broke the login\n[^]*?status: "rolled_back_from"/u)
  })

  test('does not bring back what was pruned meanwhile', async () => {
    const project = await committedProject()
    const opened = project.text()
    await project.commit({ kind: 'archive', ids: [1] })
    project.write(opened.replace('commit: "abc123"', 'commit: "abc123" # mine'))

    expect(await versionsIn(project)).toEqual(['v3.0.0', 'v2.0.0', 'v1.3.0'])
  })

  test('does not lift a hold that was placed meanwhile, nor keep one that was lifted', async () => {
    const project = await committedProject()
    await project.commit(hold('v1.3.0'))
    const opened = project.text()
    await project.commit({ kind: 'lift-hold', version: 'v1.3.0' })
    await project.commit(hold('v2.0.0'))
    project.write(opened.replace('commit: "abc123"', 'commit: "abc123" # mine'))

    const { history } = await project.open().read()

    expect(history.held.map(({ version }) => version)).toEqual(['v2.0.0'])
  })

  test('gives its own new entry the next free id', async () => {
    const project = await committedProject()
    const opened = project.text()
    await project.commit(insertOf('v4.0.0'))
    const own = '  - version: v3.5.0\n    timestamp: 2026-02-01T18:00:00Z\n    status: superseded\n'
    project.write(opened.replace('deployments:\n', `deployments:\n${own}`))

    const { history } = await project.open().read()

    expect(history.deployments.map(({ id, version }) => [id, version])).toEqual([
      [6, 'v3.5.0'],
      [5, 'v4.0.0'],
      [4, 'v3.0.0'],
      [3, 'v2.0.0'],
      [2, 'v1.3.0'],
      [1, 'v1.2.0'],
    ])
  })

  test('is told the place when it gave an id away that a commit has given meanwhile', async () => {
    const project = await committedProject()
    const opened = project.text()
    await project.commit(insertOf('v4.0.0'))
    const own = '  - id: 5\n    version: v3.5.0\n    timestamp: 2026-02-01T18:00:00Z\n'
    const edited = opened.replace('deployments:\n', `deployments:\n${own}`)
    project.write(edited)

    const line = edited.split('\n').findIndex((text) => text.includes('id: 5')) + 1
    await expect(project.open().read()).rejects.toMatchObject({
      code: 'HISTORY_CONFLICT',
      message: `deployment-history.yml:${line}:1: id 5 of v3.5.0 was given to another deployment by a commit meanwhile`,
      hint: 'Give v3.5.0 the next free id, 6.',
    })
    expect(project.text()).toBe(edited)
  })

  test('leaves a copy of what it saved, should a commit count more', async () => {
    const project = await committedProject()
    const opened = project.text()
    const { id: _id, ...deployment } = (await project.open().read()).history.deployments[0] ?? {}
    await project.commit({ kind: 'replace', id: 4, deployment: { ...deployment, notes: 'finished later' } as never })
    const edited = opened.replace(/(id: 4\n[^]*?)(commit: "[^"]*")/u, '$1$2 # mine')
    project.write(edited)

    const { warnings } = await project.open().read()
    await project.commit({ kind: 'set-pinned', id: 3, pinned: true })

    expect(warnings).toContainEqual(expect.stringMatching(/@4 was committed anew .* the edit is in backups/u))
    expect(project.text()).toContain('finished later')
    const copies = project.names('backups').map((name) => project.read(`backups/${name}`))
    expect(copies).toContain(edited)
  })
})

test('an entry that somebody deleted is there again, and it is said', async () => {
  const project = await committedProject()
  project.write(project.text().replace(/ {2}- id: 3[^]*?(?= {2}- version)/u, ''))

  const { history, warnings } = await project.open().read()

  expect(history.deployments.map(({ id }) => id)).toEqual([4, 3, 2, 1])
  expect(warnings).toContainEqual(expect.stringMatching(/lacks deployment @3, which was committed/u))
})

test('a reading writes nothing, and a second one says the same', async () => {
  const project = await committedProject()
  const opened = project.text()
  await project.commit(insertOf('v4.0.0'))
  const edited = opened.replace('commit: "abc123"', 'commit: "abc123" # mine')
  project.write(edited)
  const store = project.open()

  const [first, second] = [await store.read(), await store.read()]

  expect(project.text()).toBe(edited)
  expect(second).toEqual(first)
})

/** What people do to an entry in an editor. */
const touch = fc.record({
  entry: fc.nat(20),
  how: fc.constantFrom('comment', 'reindent', 'delete', 'note'),
})
const commit = fc.oneof(
  fc.constant('insert' as const),
  fc.constant('pin' as const),
  fc.constant('supersede' as const),
  fc.constant('hold' as const),
)

test(
  'whatever was edited from whichever state while whatever was committed, no committed entry is lost and no comment',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { minLength: 1, maxLength: 4 }),
        fc.array(commit, { maxLength: 4 }),
        fc.array(touch, { maxLength: 4 }),
        async (before, after, touches) => {
          const project = historyProject(SEED_HISTORY)
          const store = project.open()
          let made = 0
          const apply = async (what: string) => {
            made += 1
            await store.commit(({ history }): readonly HistoryEdit[] => {
              const [newest] = history.deployments
              if (what === 'insert' || !newest) return [insertOf(`v9.${made}.0`)]
              if (what === 'pin') return [{ kind: 'set-pinned', id: newest.id, pinned: !newest.pinned }]
              if (what === 'hold') return [hold(`v9.${made}.0`)]
              return [{ kind: 'set-status', id: newest.id, status: 'superseded' }]
            }, NOTE)
          }
          for (const what of before) await apply(what)
          const opened = project.text()
          for (const what of after) await apply(what)
          const committed = (await store.read()).history
          const edited = touches.reduce((text, { entry, how }, index) => edit(text, entry, how, index), opened)
          project.write(edited)

          const { history } = await project.open().read()
          await store.commit(() => [insertOf('v10.0.0')], NOTE)
          const end = (await project.open().read()).history

          const ids = committed.deployments.map(({ id }) => id)
          expect(history.deployments.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids)
          expect(history.held.map(({ version }) => version).toSorted()).toEqual(
            committed.held.map(({ version }) => version).toSorted(),
          )
          for (const { id, status, pinned } of committed.deployments) {
            expect(end.deployments.find((one) => one.id === id)).toMatchObject({ id, status, pinned })
          }
          for (const mark of edited.match(/# mark \d+/gu) ?? []) expect(project.text()).toContain(mark)
        },
      ),
      { seed: SEED, numRuns: roundCount(60, 1000) },
    )
  },
)

/** The entry with this number, of a text whose entries begin with a dash at the second column. */
function edit(text: string, entry: number, how: string, index: number): string {
  const [list = '', ...rest] = text.split(/^(?=held:)/mu)
  const [head = '', ...items] = list.split(/^(?= {2}- )/mu)
  const at = entry % items.length
  const item = items[at] ?? ''
  const changed = {
    comment: item.replace('\n', ` # mark ${index}\n`),
    note: item.replace(/\n/u, `\n    notes: "mark ${index}"\n`),
    reindent: item.replace(/: (["v])/u, ':   $1'),
    // Without its end a file was cut off, which is no edit.
    delete: at < items.length - 1 ? '' : item,
  }[how]
  const isTwice = how === 'note' && item.includes('notes:')
  return [head, ...items.with(at, isTwice ? item : (changed ?? item)), ...rest].join('')
}
