import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { compareArchives } from '../../../../src/registries/npm/compare-archives.ts'
import { hashesOf, type NpmPackument } from '../../../../src/registries/npm/npm-packument.ts'

const sri = (algorithm: string, text: string) => `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const [one, two] = [sri('sha512', 'one'), sri('sha512', 'two')]

interface Dist {
  readonly integrity?: string
  readonly shasum?: string
}

/** What was recorded from the first answer of a registry, held against the second. */
function compare(before: Dist, now: Dist) {
  const hashes = (dist: Dist) =>
    hashesOf({ tags: {}, installTags: {}, versions: { '1.0.0': { dist } } } as unknown as NpmPackument, '1.0.0')
  const given = { version: '1.0.0', ...hashes(now) }
  return compareArchives({ version: '1.0.0', ...hashes(before) }, given).state
}

const cases: readonly (readonly [string, Dist, Dist, 'same' | 'other' | 'untold'])[] = [
  ['the same of both kinds', { integrity: one, shasum: sha1('one') }, { integrity: one, shasum: sha1('one') }, 'same'],
  ['only the shasum is left', { integrity: one, shasum: sha1('one') }, { shasum: sha1('one') }, 'same'],
  ['only the shasum is left, of another', { integrity: one, shasum: sha1('one') }, { shasum: sha1('two') }, 'other'],
  ['the integrity came later', { shasum: sha1('one') }, { integrity: one, shasum: sha1('one') }, 'same'],
  ['the integrity came later, of another', { shasum: sha1('one') }, { integrity: two, shasum: sha1('two') }, 'other'],
  ['the strongest differs', { integrity: one, shasum: sha1('one') }, { integrity: two, shasum: sha1('one') }, 'other'],
  ['only a shasum instead', { integrity: one }, { shasum: sha1('one') }, 'untold'],
  ['only an integrity instead', { shasum: sha1('one') }, { integrity: one }, 'untold'],
  ['no hash any more', { integrity: one }, {}, 'untold'],
  ['nothing was recorded', {}, { integrity: one }, 'same'],
  ['a list of hashes', { integrity: one }, { integrity: `${sri('sha1', 'one')} ${one}?x` }, 'same'],
  ['the sha1 as an integrity', { shasum: sha1('one') }, { integrity: sri('sha1', 'one') }, 'same'],
  ['several of one kind, one of them right', { integrity: one }, { integrity: `${two} ${one}` }, 'same'],
  ['text that is no hash, the same', { integrity: 'x' }, { integrity: 'x' }, 'same'],
  ['text that is no hash, another', { integrity: 'x' }, { integrity: 'y' }, 'other'],
]

test.each(cases)('an archive is compared by the strongest hash that both have: %s', (_what, before, now, state) => {
  expect(compare(before, now)).toBe(state)
})
