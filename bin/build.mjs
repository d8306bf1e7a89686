// Bundles the two programs and the engine's thread into dist/. Plain JavaScript: it also runs before anything is built.
//   node bin/build.mjs [--if-stale]
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { withoutDevtools, yogaWithoutFetch } from './bundle-plugins.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stampFile = join(dist, 'stamp')

// CommonJS packages whose names are taken from an import(): esbuild would give them a default export only.
const LAZY_COMMONJS = ['yaml']
const SOURCES = ['bin', 'src', 'store', 'components', 'package.json', 'package-lock.json']

/** Changes with every file that could change the result. */
function fingerprint() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const { mtimeMs, size } = statSync(path)
    hash.update(`${path}\n${size}\n${mtimeMs}\n`)
  }
  for (const source of SOURCES.map((name) => join(root, name))) {
    if (statSync(source).isFile()) visit(source)
    else for (const name of readdirSync(source, { recursive: true }).sort()) visit(join(source, name))
  }
  return hash.digest('hex')
}

const namedExports = {
  name: 'named-exports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${LAZY_COMMONJS.join('|')})$`) }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named-exports' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'named-exports' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name))
      const named = names.filter((name) => name !== 'default' && name !== 'module.exports')
      return {
        contents: `import whole from '${path}'\nexport default whole\nexport const { ${named.join(', ')} } = whole`,
        resolveDir: root,
      }
    })
  },
}

/** The licences of every package that went into the bundle, which their terms ask us to pass on. */
function licences(inputs) {
  const folders = new Set(inputs.map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean))
  return [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : 'The package holds no licence text.'
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** CommonJS packages in the bundle ask for `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

function writeOutput(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  const needsRequire = path.endsWith('.js') && text.includes('typeof require')
  // On the first line, so that the source map stays right.
  writeFileSync(path, needsRequire ? REQUIRE + text : text, { mode: path.includes('/bin/') ? 0o755 : 0o644 })
}

/** Every help text, made beforehand so that printing one loads nothing. Empty on a Node that cannot run the sources. */
async function readHelp() {
  if (!process.features.typescript) return {}
  const { helpTexts } = await import('../src/cli/help-texts.ts')
  return helpTexts('bagboy-tui', version)
}

/** Writes a fresh dist/ and puts it in place as a whole, so that nobody sees half of one. */
async function buildAll(stamp) {
  const fresh = join(root, 'node_modules/.cache', `bagboy-build-${process.pid}`)
  const gone = `${fresh}-gone`
  mkdirSync(fresh, { recursive: true })
  try {
    const { metafile, outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: {
        'bin/bagboy-tui': 'bin/bagboy-tui.ts',
        'bin/bagboy': 'bin/bagboy.ts',
        worker: 'src/worker.ts',
      },
      outdir: fresh,
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node22.19',
      jsx: 'automatic',
      minifySyntax: true,
      minifyWhitespace: true,
      sourcemap: 'external',
      legalComments: 'none',
      metafile: true,
      define: {
        // Failpoints are for tests: without a hook every call of them is nothing, and disappears.
        'globalThis.bagboyFailpoint': 'undefined',
        'process.env.NODE_ENV': '"production"',
        'process.env.BAGBOY_TUI_BUILD': JSON.stringify(version),
      },
      write: false,
      plugins: [withoutDevtools, yogaWithoutFetch, namedExports],
      logLevel: 'warning',
    })
    for (const { path, text } of outputFiles) writeOutput(path, text)
    writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), licences(Object.keys(metafile.inputs)))
    writeFileSync(join(fresh, 'help.json'), JSON.stringify(await readHelp()))
    writeFileSync(join(fresh, 'stamp'), stamp)
    putInPlace(fresh, gone)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Another build may do the same at the same time: whoever comes last stays. */
function putInPlace(fresh, gone) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(dist, `${gone}-${attempt}`)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    try {
      return renameSync(fresh, dist)
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' || attempt === 10) throw error
    } finally {
      rmSync(`${gone}-${attempt}`, { recursive: true, force: true })
    }
  }
}

function isCurrent(stamp) {
  try {
    return readFileSync(stampFile, 'utf8') === stamp
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

const stamp = fingerprint()
if (!process.argv.includes('--if-stale') || !isCurrent(stamp)) await buildAll(stamp)
