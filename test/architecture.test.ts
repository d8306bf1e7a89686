import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sourceFiles, type SourceFile } from './support/source-files.ts'

/**
 * Every package with its layer. Arrows point downwards only; within a layer, packages in `OPEN_LAYERS` may use each
 * other and all others may not.
 */
const LAYERS: Readonly<Record<string, number>> = {
  'src/domain': 0,
  'src/errors': 0,
  'src/platform': 0,
  'src/events': 1,
  'src/machine': 1,
  'src/approval': 1,
  'src/yaml': 1,
  'src/git': 1,
  'src/signing': 1,
  'src/state-folder': 1,
  'src/promql': 1,
  'src/config': 2,
  'src/health': 2,
  'src/history': 2,
  'src/journal': 2,
  'src/lock': 2,
  'src/registries': 2,
  'src/traffic': 2,
  'src/planner': 3,
  'src/trust': 3,
  'src/validation': 3,
  'src/engine': 4,
  'src/cli': 5,
  'src/remote': 5,
  'src/sandbox': 5,
  'src/app.ts': 6,
  'src/open-worker.ts': 6,
  'src/worker.ts': 6,
  store: 6,
  components: 7,
  bin: 8,
}
// Vocabulary; then rules and plans, which share one world; then what puts everything together.
const OPEN_LAYERS = new Set([0, 1, 3])
const COMPOSITION = new Set(['src/app.ts', 'src/open-worker.ts', 'src/worker.ts'])

const files = sourceFiles('src', 'store', 'components', 'bin')
const product = files.filter(({ path }) => !path.startsWith('bin/'))

function packageOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? `src/${second}` : top
}

function isOurs(target: string): boolean {
  return /^(src|store|components|bin)\//u.test(target)
}

/** `file → target` for every import a rule forbids. */
function violations(isForbidden: (file: SourceFile, target: string) => boolean): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((target) => isForbidden(file, target)).map((target) => `${file.path} → ${target}`),
  )
}

test('every file belongs to a package of the table', () => {
  const unknown = files.map(({ path }) => path).filter((path) => LAYERS[packageOf(path)] === undefined)

  expect(unknown).toEqual([])
})

test('imports point downwards', () => {
  const upward = violations(({ path }, target) => {
    const [from, to] = [packageOf(path), packageOf(target)]
    if (!isOurs(target) || from === to) return false
    const [fromLayer = 0, toLayer = Number.NaN] = [LAYERS[from], LAYERS[to]]
    const isSibling =
      fromLayer === toLayer && (OPEN_LAYERS.has(fromLayer) || (COMPOSITION.has(from) && COMPOSITION.has(to)))
    return !isSibling && !(toLayer < fromLayer)
  })

  expect(upward).toEqual([])
})

test('the screen knows neither the command line nor the sandbox nor anything that is put together', () => {
  const wrong = violations(
    ({ path }, target) =>
      /^(store|components)\//u.test(path) && /^src\/(cli|sandbox|remote|app|worker|open-worker)\b/u.test(target),
  )

  expect(wrong).toEqual([])
})

test('only what puts things together and the sandbox touch the real platform', () => {
  const allowed = /^(src\/app\.ts|src\/worker\.ts|src\/sandbox\/|src\/platform\/node\/|bin\/)/u

  const wrong = violations(({ path }, target) => target.startsWith('src/platform/node/') && !allowed.test(path))

  expect(wrong).toEqual([])
})

/** The files of a flat folder that are one thing each, without those that serve them. */
function membersOf(folder: string, ...others: readonly string[]): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !others.includes(entry.name))
    .map(({ name }) => name)
}

describe.each([
  ['a driver', 'src/registries', membersOf('src/registries', 'driver.ts', 'index.ts')],
  [
    'a provider',
    'src/traffic',
    membersOf('src/traffic', 'provider.ts', 'define-provider.ts', 'drain-slot.ts', 'move-traffic.ts', 'index.ts'),
  ],
])('%s', (_title, folder, names) => {
  test('is known to the list of its kind alone', () => {
    const concrete = new Set(names.map((name) => `${folder}/${name}`))

    expect(violations(({ path }, target) => concrete.has(target) && path !== `${folder}/index.ts`)).toEqual([])
  })

  test('is in the list of its kind', () => {
    const list = readFileSync(`${folder}/index.ts`, 'utf8')

    expect(names.filter((name) => !list.includes(`'./${name}'`))).toEqual([])
    expect(names.length).toBeGreaterThan(0)
  })
})

test.each([
  ['react and ink', /^(react|ink|react-reconciler|ink-.*)(\/|$)/u, /^components\//u],
  ['zustand for React', /^zustand$/u, /^components\//u],
  ['zustand without React', /^zustand\/vanilla$/u, /^store\//u],
  ['ink-select-input', /^ink-select-input$/u, /^components\/primitives\//u],
  ['ink-spinner', /^ink-spinner$/u, /^components\/primitives\//u],
  ['undici', /^undici$/u, /^src\/platform\/node\//u],
  ['execa', /^execa$/u, /^src\/platform\/node\//u],
  ['commander', /^commander$/u, /^src\/cli\//u],
  ['the grammar of PromQL', /^@(?:lezer|prometheus-io)\//u, /^src\/promql\//u],
])('%s is imported in one place', (_title, target, place) => {
  expect(violations(({ path }, imported) => target.test(imported) && !place.test(path))).toEqual([])
})

test('there are no default exports and no drawers for leftovers', () => {
  expect(files.filter(({ text }) => /^export default /mu.test(text)).map(({ path }) => path)).toEqual([])
  expect(files.filter(({ path }) => /\/(utils?|helpers?|types|common|misc)\.tsx?$/u.test(path))).toEqual([])
})

test('files are small: half of them have at most 70 lines, none more than 300, no test more than 400', () => {
  const counts = product.map(({ lineCount }) => lineCount).sort((a, b) => a - b)
  const tests = sourceFiles('test')

  expect(files.filter(({ lineCount }) => lineCount > 300).map(({ path }) => path)).toEqual([])
  expect(tests.filter(({ lineCount }) => lineCount > 400).map(({ path }) => path)).toEqual([])
  expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(70)
})
