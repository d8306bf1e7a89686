import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { withoutDevtools, yogaWithoutFetch } from '../../../bin/bundle-plugins.mjs'

/** Inside the project, so that what is not bundled is found. */
const PLACE = resolve(import.meta.dirname, '../../../node_modules/.cache', `bagboy-bench-${process.pid}`)
process.once('exit', () => rmSync(PLACE, { recursive: true, force: true }))

const COMMON = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  jsx: 'automatic',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
} as const

/** Bundles a file of `programs/` as ours are bundled. @returns what node runs */
export async function bundleProgram(file: string): Promise<string> {
  const name = file.replace(/\.tsx?$/u, '')
  const outdir = join(PLACE, name)
  await build({
    ...COMMON,
    entryPoints: { [name]: join(import.meta.dirname, '../programs', file) },
    outdir,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    banner: {
      js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
    },
    plugins: [withoutDevtools, yogaWithoutFetch],
  })
  return join(outdir, `${name}.js`)
}

/** Our own files stay apart and import each other and their packages where they are. */
const fileByFile: Plugin = {
  name: 'file-by-file',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.tsx?$/u, '.js'), external: true },
    )
  },
}

/**
 * The program without a bundle, every module loaded before it begins: how it would start if nobody had taken care.
 * @returns its file
 */
export async function writeUnbundled(): Promise<string> {
  const root = resolve(import.meta.dirname, '../../..')
  const outdir = join(PLACE, 'unbundled')
  const files = ['bin', 'src', 'store', 'components'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/u.test(name))
      .map((name) => join(folder, name)),
  )
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: files,
    outdir,
    outbase: root,
    packages: 'external',
    plugins: [fileByFile],
  })
  mkdirSync(outdir, { recursive: true })
  const eager = files
    .filter((name) => !/^bin\/(?:bagboy|bagboy-tui|docs)\.ts$|^bin\/docs\/|^src\/worker\.ts$/u.test(name))
    .map((name) => `import './${name.replace(/\.tsx?$/u, '.js')}'`)
  const start =
    "import { start } from './bin/start.js'\nawait start({ program: 'bagboy-tui', version: '0', dataTo: 1 }, [])\n"
  writeFileSync(join(outdir, 'worker.js'), "import './src/worker.js'\n")
  writeFileSync(join(outdir, 'eager.js'), `${eager.join('\n')}\n${start}`)
  return join(outdir, 'eager.js')
}
