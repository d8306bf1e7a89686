// What every bundle with Ink in it needs: the programs, and what the benchmarks hold them against.
import { readFileSync } from 'node:fs'

/** Ink's developer tools are an optional package that nobody has. */
export const withoutDevtools = {
  name: 'without-devtools',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'none', namespace: 'empty' }))
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }))
  },
}

/** Yoga loads its wasm with fetch() where that exists, which makes Node load its whole HTTP client at start-up. */
export const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const patched = text.replaceAll('"function"!=typeof fetch', '!0')
      if (patched === text) throw new Error('yoga-layout no longer holds the text this build replaces')
      return { contents: patched }
    })
  },
}
