import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importCircles } from './support/harness/import-circles.ts'
import { sourceFiles, type SourceFile } from './support/harness/source-files.ts'

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
  'src/http-api': 1,
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
  'src/operation': 4,
  'src/engine': 5,
  'src/view': 6,
  'src/cli': 7,
  'src/remote': 7,
  'src/sandbox': 7,
  'src/app.ts': 8,
  'src/open-worker.ts': 8,
  'src/worker.ts': 8,
  store: 8,
  components: 9,
  bin: 10,
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

/** The folders that hold one driver or provider each: those with a file of that name. */
function foldersWith(folder: string, file: string): readonly string[] {
  return readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/${file}`))
}

describe.each([
  ['a driver', 'src/registries', 'driver.ts'],
  ['a provider', 'src/traffic', 'provider.ts'],
])('%s', (_title, folder, file) => {
  const names = foldersWith(folder, file)

  test('is imported by the list of its kind and by nothing outside of its folder', () => {
    const wrong = violations(({ path }, target) => {
      const owner = names.find((name) => target.startsWith(`${folder}/${name}/`))
      return owner !== undefined && !path.startsWith(`${folder}/${owner}/`) && path !== `${folder}/index.ts`
    })

    expect(wrong).toEqual([])
  })

  test('is in the list of its kind', () => {
    const list = readFileSync(`${folder}/index.ts`, 'utf8')

    expect(names.filter((name) => !list.includes(`'./${name}/${file}'`))).toEqual([])
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
  ['p-queue', /^p-queue$/u, /^src\/platform\//u],
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

/** Folders of the repository's own files, each with how many stand side by side in it. */
function folderWidths(): ReadonlyMap<string, number> {
  const widths = new Map<string, number>()
  for (const { path } of [...files, ...sourceFiles('test')]) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    widths.set(folder, (widths.get(folder) ?? 0) + 1)
  }
  return widths
}

test('no folder is called shared, and none holds more than 20 files side by side', () => {
  const widths = folderWidths()

  expect([...widths.keys()].filter((folder) => folder.split('/').includes('shared'))).toEqual([])
  expect([...widths].filter(([, width]) => width > 20)).toEqual([])
})

test('imports form no circle, types included', () => {
  const graph = new Map(files.map(({ path, imports }) => [path, imports.filter(isOurs)]))

  expect(importCircles(graph)).toEqual([])
})
