import type { Shape } from './shape.ts'

const json = (value: object, indent = 4): string => `${JSON.stringify(value, null, indent)}\n`

/** Manifests as buckets have them. */
export const MANIFEST_SHAPES: readonly Shape[] = [
  ['plain', (version) => json({ version, url: 'https://example.org/a.zip', hash: '0', bin: 'a.exe' })],
  ['with two spaces', (version) => json({ version, bin: 'a.exe' }, 2)],
  ['on one line', (version) => json({ version, bin: 'a.exe' }, 0)],
  [
    'for architectures',
    (version) => json({ version, architecture: { '64bit': { url: 'x', version: '9.9.9' }, arm64: { url: 'y' } } }),
  ],
  ['with a checker before', (version) => json({ checkver: { url: 'x', regex: '"version": "([\\d.]+)"' }, version })],
  [
    'with an updater',
    (version) => json({ version, autoupdate: { url: 'https://e.org/v$version/a.zip', hash: { url: '$url.sha256' } } }),
  ],
  ['with notes', (version) => json({ notes: ['"version": "9.9.9"', 'x'], version })],
  ['with a comment field', (version) => json({ '##': 'version 9.9.9', version })],
  ['with Windows line ends', (version) => json({ version, bin: 'a.exe' }).replaceAll('\n', '\r\n')],
  ['with a byte order mark', (version) => `\uFEFF${json({ version })}`],
  [
    'with comments',
    (version) => `{\n    // "version": "9.9.9"\n    "version": "${version}", /* now */\n    "bin": "a"\n}\n`,
  ],
  ['with a comma too many', (version) => `{\n    "version": "${version}",\n    "bin": ["a.exe",],\n}\n`],
  ['in single quotes', (version) => `{ 'version': '${version}', 'bin': 'a.exe' }\n`],
  ['with tabs', (version) => `{\n\t"version" : "${version}"\n}`],
]
