import { expect, test } from 'vitest'
import { planPrune } from '../../src/domain/prune.ts'
import { compareDeployments } from '../../src/domain/compare.ts'
import { planCommand, runCommand } from '../../store/plan/command-line.ts'
import { shellWord } from '../../src/domain/text/shell-word.ts'
import { matchesFilter } from '../../store/history/filter.ts'
import { selectAll, selectRange, suggestedSelection, toggleSelected } from '../../store/prune/selection.ts'
import { safe } from '../../store/safe.ts'
import { candidates } from '../../store/plan/targets.ts'
import { initialState } from '../../store/state.ts'
import { aDeployment, aHistory, anOverview, aPlan, NOW, packagesOf, version } from '../support/builders/app-builders.ts'

test('foreign text cannot move the cursor, and clean data stays the same object', () => {
  const clean = { list: ['v1.2.0', { text: 'two\nlines' }] }
  const hostile = { list: ['\u001B[2J', 'a\u202Eb'], 'k\u0007': 1 }

  expect(safe(clean)).toBe(clean)
  expect(safe(hostile)).toEqual({ list: ['^[[2J', 'a<U+202E>b'], 'k^G': 1 })
})

test.each([
  ['1.2', true],
  ['v120', true],
  ['state:superseded', true],
  ['is:live', false],
  ['is:held', false],
  ['health:healthy', true],
  ['format:npm commit:def', true],
  ['format:deb', false],
  ['nothing', false],
])('the filter %s on v1.2.0: %s', (text, expected) => {
  expect(matchesFilter(aDeployment('v1.2.0'), false, text)).toBe(expected)
})

test('a held version is found by is:held', () => {
  expect(matchesFilter(aDeployment('v1.2.0'), true, 'is:held')).toBe(true)
})

test('words of a command line are quoted only when they must be', () => {
  const plan = aPlan({ overrides: ['V08'], incident: 'INC-42' })

  expect(shellWord("it's bad")).toBe(String.raw`'it'\''s bad'`)
  expect(planCommand('bagboy-tui', { plan, target: 'previous', except: ['npm:npm.example.com'] })).toBe(
    'bagboy-tui rollback v1.29.0 --except=npm:npm.example.com --override=V08 --incident=INC-42 --dry-run',
  )
  expect(runCommand('bagboy-tui', { plan: aPlan(), target: 'last-good', except: [] }, 'too slow')).toBe(
    "bagboy-tui rollback v1.29.0 --reason 'too slow' --yes",
  )
})

test('a selection never reaches a protected version', () => {
  const rows = planPrune(aHistory(12), {
    keep: 4,
    keepHealthy: 2,
    neededVersions: [],
    targetIds: new Set<number>(),
    runningIds: new Set(),
    now: NOW,
  })
  const shielded = rows.filter(({ verdict }) => verdict === 'protected').map(({ deployment }) => deployment.id)
  const none = { ids: [], anchor: rows[0]?.deployment.id ?? null }

  const selections = [selectAll(rows), selectRange(none, rows, rows.length - 1), suggestedSelection(rows)]
  const toggled = rows.reduce(toggleSelected, none)

  for (const { ids } of [...selections, toggled]) expect(ids.filter((id) => shielded.includes(id))).toEqual([])
  expect(selectAll(rows).ids).toHaveLength(12 - shielded.length)
})

test('a target says what speaks against it', () => {
  const history = aHistory(6, { held: [{ version: version('v1.5.0'), reason: 'bad', at: NOW }] })
  const options = { isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }

  const found = candidates({ ...initialState(options, NOW), overview: anOverview({ history }) })

  expect(found.map(({ deployment, against }) => [deployment.version, against])).toEqual([
    ['v1.5.0', 'held'],
    ['v1.4.0', 'was rolled back'],
    ['v1.3.0', ''],
    ['v1.2.0', 'its deployment failed'],
    ['v1.1.0', ''],
  ])
})

test('a comparison tells what changed, came and went', () => {
  const left = aDeployment('v1.2.0', { packages: packagesOf('v1.2.0').slice(0, 3) })
  const right = aDeployment('v1.3.0', { packages: packagesOf('v1.3.0').slice(1), commit: 'abc1234' })

  const { sections, counts } = compareDeployments(left, right)

  const packages = sections.find(({ title }) => title === 'Packages')?.rows.map(({ change }) => change)
  expect(packages).toEqual(['removed', 'changed', 'same', 'added'])
  expect(counts).toMatchObject({ added: 1, removed: 1, changed: 2 })
})
