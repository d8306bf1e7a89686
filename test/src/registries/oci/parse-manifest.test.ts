import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MANIFEST_TYPES, parseManifest } from '../../../../src/registries/oci/parse-manifest.ts'

const TYPES = Object.keys(MANIFEST_TYPES)
const part = { digest: `sha256:${'a'.repeat(64)}`, mediaType: 'x', size: 1 }
const image = { schemaVersion: 2, config: part, layers: [part] }
const index = { schemaVersion: 2, manifests: [part] }

function parse(document: unknown) {
  return parseManifest(new TextEncoder().encode(JSON.stringify(document)))
}

test.each(Object.entries(MANIFEST_TYPES))('%s is taken from the body of an %s', (mediaType, kind) => {
  expect(parse({ ...(kind === 'index' ? index : image), mediaType })).toMatchObject({ mediaType })
})

test('a body without a type is one of OCI, by what is in it', () => {
  expect(parse(image)).toMatchObject({ mediaType: 'application/vnd.oci.image.manifest.v1+json' })
  expect(parse(index)).toMatchObject({ mediaType: 'application/vnd.oci.image.index.v1+json' })
})

test.each([
  ['no manifest', 'text'],
  ['no manifest', { layers: 'many' }],
  ['no manifest', { ...index, manifests: [{ ...part, digest: '../blobs/x' }] }],
  ['neither an index nor an image', {}],
  ['an index and an image at once', { ...index, ...image }],
  ['an index and an image at once', { ...index, layers: [] }],
  ['"text/html"', { ...image, mediaType: 'text/html' }],
  ['"constructor"', { ...image, mediaType: 'constructor' }],
  ['"a<U+202E>b"', { ...image, mediaType: 'a\u202eb' }],
  ['an image that calls itself', { ...image, mediaType: TYPES[0] }],
  ['an index that calls itself', { ...index, mediaType: TYPES[2] }],
])('%s is said of a body that is none', (problem, document) => {
  expect(parse(document)).toContain(problem)
})

test('a manifest is what exactly one of its readings allows, with the digest of its bytes', () => {
  const documents = fc.record(
    {
      mediaType: fc.constantFrom(...TYPES, 'application/json', ''),
      config: fc.constant(part),
      layers: fc.constantFrom([], [part]),
      manifests: fc.constantFrom([], [part]),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(documents, fc.constantFrom('', ' ', '\n'), (document, space) => {
      const bytes = new TextEncoder().encode(JSON.stringify(document) + space)
      const parsed = parseManifest(bytes)
      if (typeof parsed === 'string') return
      const isIndex = 'manifests' in document
      expect(isIndex).not.toBe('layers' in document || 'config' in document)
      expect(parsed.mediaType).toMatch(isIndex ? /index|list/u : /image\.manifest|manifest\.v2/u)
      expect(parsed.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
    }),
    { seed: 70, numRuns: 1000 },
  )
})
