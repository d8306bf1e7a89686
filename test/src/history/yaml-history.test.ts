import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aDeployment, version } from '../../support/builders/a-history.ts'
import { historyProject, insertOf, NOTE } from '../../support/projects/history-project.ts'
import { FULL_HISTORY, SEED_HISTORY } from '../../support/builders/history-texts.ts'
import type { HistoryEdit } from '../../../src/history/history-edit.ts'

const BAD_HOLD: HistoryEdit = {
  kind: 'hold',
  hold: { version: version('v1.3.0'), reason: '5xx', by: '@alice', at: '2026-02-01T18:43:55Z' },
}

describe('a commit', () => {
  test("adds to the seed's file without touching what stands there", async () => {
    const project = historyProject(SEED_HISTORY)

    const committed = await project.commit(
      insertOf('v1.2.0', { kind: 'rollback', status: 'active', from: version('v1.3.0'), packages: [], reason: '5xx' }),
      { kind: 'set-status', id: 2, status: 'rolled_back_from' },
      BAD_HOLD,
    )

    const lineage = /^lineage: "[0-9a-f-]{36}"$/mu.exec(project.text())?.[0] ?? ''
    expect(committed).toMatchObject({ deploymentId: 3, revision: 1, readOnly: null })
    expect(project.text()).toBe(
      `schema: 1\n${lineage}\n${SEED_HISTORY.replace(
        '  - version: "v1.3.0"\n    timestamp: "2026-02-01T18:00:00Z"\n    commit: "abc123"\n',
        `  - id: 3
    kind: "rollback"
    version: "v1.2.0"
    from: "v1.3.0"
    timestamp: "2026-02-01T18:00:00Z"
    commit: "abc123"
    status: "active"
    reason: "5xx"
    pinned: false
    packages: []
  - version: "v1.3.0"
    timestamp: "2026-02-01T18:00:00Z"
    commit: "abc123"
    status: "rolled_back_from"
`,
      )}held:
  - version: "v1.3.0"
    reason: "5xx"
    by: "@alice"
    at: "2026-02-01T18:43:55Z"
`,
    )
    expect((await project.open().read()).history).toEqual(committed.history)
  })

  test('starts a file, its folders and its ignore list in a new project', async () => {
    const project = historyProject()

    const { history, deploymentId } = await project.commit(insertOf('v1.0.0', { status: 'active' }))

    expect(deploymentId).toBe(1)
    expect(history.deployments).toHaveLength(1)
    expect(project.text()).toMatch(/^schema: 1\nlineage: ".+"\ndeployments:\n {2}- id: 1\n/u)
    expect(project.names('rev')).toEqual(['0000000001.json'])
    expect(readFileSync(join(project.folder, '.gitignore'), 'utf8')).toContain('rev/')
  })

  test.each([
    'deployments: []\n',
    'deployments: null # none yet\n',
    'deployments:\n',
    '# empty\n',
    'schema: 1\nheld: []',
  ])('puts the first entry into %j', async (text) => {
    const project = historyProject(text)

    const { history } = await project.commit(insertOf('v1.0.0'), BAD_HOLD)

    expect(history.deployments.map(({ version: name }) => name)).toEqual(['v1.0.0'])
    expect(history.held).toHaveLength(1)
    expect((await project.open().read()).history).toEqual(history)
  })

  test('keeps Windows line ends, comments, flow style, odd spacing and unknown keys to the byte', async () => {
    const text = FULL_HISTORY.replace('notes: ""', 'ticket:   { OPS:   0x1F }   # ours').replaceAll('\n', '\r\n')
    const project = historyProject(text)

    await project.commit(
      { kind: 'set-status', id: 14, status: 'superseded' },
      { kind: 'set-pinned', id: 14, pinned: true },
    )

    expect(project.text()).toBe(
      text.replace('status: "active"', 'status: "superseded"').replace('pinned: false', 'pinned: true'),
    )
  })

  test('sets a status in flow style, in a block text, over a comment and where there is none', async () => {
    const entry = (lines: string) => `  - version: v1\n    timestamp: "2026-01-01T00:00:00Z"\n${lines}`
    const text = `schema: 1\ndeployments:\n  -   { version: v4,  timestamp: "2026-01-01T00:00:00Z" }\n${entry(
      '    status: >-\n      active\n    commit: a\n',
    )}${entry('    status: active   # why\n')}${entry('    notes: last')}`
    const project = historyProject(text)

    await project.commit(...[1, 2, 3, 4].map((id): HistoryEdit => ({ kind: 'set-status', id, status: 'failed' })))

    expect(project.text()).toBe(
      text
        .replace('{ version: v4', '{ status: "failed", version: v4')
        .replace('status: >-\n      active\n', 'status: "failed"\n')
        .replace('status: active ', 'status: "failed" ')
        .replace('Z"\n    notes: last', 'Z"\n    status: "failed"\n    notes: last'),
    )
  })

  test('replaces an entry of its own and keeps what others wrote into and around it', async () => {
    const project = historyProject()
    await project.commit(insertOf('v1.0.0'))
    await project.commit(insertOf('v1.1.0', { status: 'partial' }))
    project.write(project.text().replace('  - id: 2', '  # look here\n  - id: 2\n    ticket: OPS-1'))

    const [newest = aDeployment('none')] = (await project.open().read()).history.deployments
    const { id: _id, ...deployment } = newest
    const committed = await project.commit({
      kind: 'replace',
      id: 2,
      deployment: { ...deployment, status: 'active', finished: '2026-02-01T19:00:00Z' },
    })

    expect(committed.history.deployments[0]).toMatchObject({
      id: 2,
      status: 'active',
      finished: '2026-02-01T19:00:00Z',
    })
    expect(project.text()).toMatch(/ {2}# look here\n {2}- id: 2\n {4}kind[^]*\n {4}ticket: "OPS-1"\n {2}- id: 1\n/u)
  })

  test('moves entries into the archive as they stood and writes down the ids that were counted', async () => {
    const project = historyProject(
      SEED_HISTORY.replace('  - version: "v1.2.0"', '  # the old one\n  - version: "v1.2.0"'),
    )

    const committed = await project.commit({ kind: 'archive', ids: [1] })
    const next = await project.commit(insertOf('v1.4.0'))

    const [archive = ''] = committed.archiveFiles ?? []
    expect(committed.history.deployments.map(({ id }) => id)).toEqual([2])
    expect(readFileSync(archive, 'utf8')).toMatch(
      /^#.+\nschema: 1\ndeployments:\n {2}# the old one\n {2}- id: 1\n {4}version: "v1\.2\.0"\n/u,
    )
    expect(project.names('archive')).toEqual(['deployments-1.yml'])
    expect(next.deploymentId).toBe(3)
  })

  test('never gives an id away twice, not even one that was archived', async () => {
    const project = historyProject()
    for (const name of ['v1', 'v2', 'v3']) await project.commit(insertOf(name))
    await project.commit({ kind: 'archive', ids: [3, 2] })

    const { deploymentId } = await project.commit(insertOf('v4'))

    expect(deploymentId).toBe(4)
  })

  test('lifts a hold by taking exactly its item out', async () => {
    const project = historyProject(FULL_HISTORY)

    const { history } = await project.commit({ kind: 'lift-hold', version: '1.3.0' })

    expect(history.held).toEqual([])
    expect(project.text()).toBe(FULL_HISTORY.replace(/ {2}- \{ version: "v1\.3\.0".+\n/u, ''))
  })

  test('writes nothing when the edits change nothing', async () => {
    const project = historyProject(SEED_HISTORY)

    const none = await project.commit()
    const same = await project.commit({ kind: 'set-status', id: 1, status: 'rolled_back_from' })

    expect([none.revision, same.revision]).toEqual([0, 0])
    expect(project.text()).toBe(SEED_HISTORY)
  })

  test('says what changed when an entry or a hold is not there', async () => {
    const project = historyProject(SEED_HISTORY)

    const missing = () => project.commit({ kind: 'set-status', id: 9, status: 'failed' })
    const free = () => project.commit({ kind: 'lift-hold', version: 'v1.3.0' })

    await expect(missing()).rejects.toMatchObject({ code: 'HISTORY_CHANGED', message: expect.stringContaining('@9') })
    await expect(free()).rejects.toMatchObject({ code: 'HISTORY_CHANGED' })
    expect(project.text()).toBe(SEED_HISTORY)
  })

  test('keeps texts that could break YAML, a terminal or a line', async () => {
    const project = historyProject()
    const reason = 'a "quoted" \\ back: # slash \u2028 \u0085 ends'
    const registry = 'https://x.example.com/a?b=c#d'

    await project.commit(
      insertOf('v1.0.0', {
        reason,
        packages: [
          {
            format: 'command',
            registry,
            name: 'yes',
            status: 'deployed',
            ref: { '1.0': [[1, 'a'], {}], no: null, '': '\ud83d' },
          },
        ],
      }),
    )

    const [deployment] = (await project.open().read()).history.deployments
    expect(project.text()).toContain('reason: "a \\"quoted\\" \\\\ back: # slash \\u2028 \\u0085 ends"')
    expect(deployment?.packages[0]).toEqual({
      format: 'command',
      registry,
      name: 'yes',
      status: 'deployed',
      ref: { '1.0': [[1, 'a'], {}], no: null, '': '\ud83d' },
    })
  })
})

describe('a history nobody may write', () => {
  test('of a newer schema is shown, and a commit names the update', async () => {
    const text = `schema: 2\nfuture: { x: 1 }\n${SEED_HISTORY}`
    const project = historyProject(text)

    const loaded = await project.open().read()
    const commit = () => project.commit(insertOf('v2'))

    expect(loaded.readOnly).toMatch(/schema 2.*npm install --global/u)
    expect(loaded.history.deployments).toHaveLength(2)
    await expect(commit()).rejects.toMatchObject({ code: 'HISTORY_TOO_NEW' })
    expect(project.text()).toBe(text)
  })

  test('in one JSON line is shown, and a commit says how to write it', async () => {
    const text = '{"deployments": [{"version": "v1", "timestamp": "2026-01-01T00:00:00Z"}]}'
    const project = historyProject(text)

    const loaded = await project.open().read()

    expect(loaded.history.deployments).toHaveLength(1)
    expect(loaded.readOnly).toMatch(/block list/u)
    await expect(project.commit(insertOf('v2'))).rejects.toMatchObject({ code: 'HISTORY_INVALID' })
    expect(project.text()).toBe(text)
  })

  test('behind a link is refused', async () => {
    const project = historyProject()
    const victim = join(project.folder, 'victim.yml')
    writeFileSync(victim, SEED_HISTORY)
    symlinkSync(victim, project.file)

    await expect(project.commit(insertOf('v2'))).rejects.toMatchObject({ code: 'HISTORY_INVALID' })
    expect(readFileSync(victim, 'utf8')).toBe(SEED_HISTORY)
  })
})

describe('a second store on the same file', () => {
  test('is asked again with the newest state when another one was faster', async () => {
    const project = historyProject(SEED_HISTORY)
    const seen: number[] = []

    const committed = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        project.open().commit(({ history }) => {
          seen.push(history.deployments.length)
          return [insertOf(`v2.${index}.0`)]
        }, NOTE),
      ),
    )

    const { history, revision } = await project.open().read()
    const versions = history.deployments.map(({ version: name }) => name)
    expect(seen.length).toBeGreaterThan(6)
    expect(committed.map(({ deploymentId }) => deploymentId ?? 0).sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8])
    expect(versions.slice(0, 6).sort()).toEqual(['v2.0.0', 'v2.1.0', 'v2.2.0', 'v2.3.0', 'v2.4.0', 'v2.5.0'])
    expect(revision).toBe(6)
    expect(project.text()).toContain('"v2.5.0"')
  })

  test('sees nothing of a folder that was removed with its file', async () => {
    const project = historyProject(SEED_HISTORY)
    rmSync(project.folder, { recursive: true })

    const { history, revision } = await project.open().read()

    expect([history.deployments.length, revision]).toEqual([0, 0])
  })
})
