import { expect, test } from 'vitest'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Version } from '../../../src/domain/version.ts'
import { findNpmTarget, releaseFor } from '../../../src/registries/npm/npm-release.ts'
import type { NpmPackument } from '../../../src/registries/npm/npm-packument.ts'

const at = (version: string, pin: Json) => ({ version: version as Version, pin })
const names = { main: 'hello', patterns: ['@hello/*'] }
const releases = ['1.10.0', '1.16.0', '1.17.0']

function statusOf(to: Json, from: Json = { version: '1.17.0' }) {
  const subject = {
    package: { format: 'npm', registry: 'https://npm.example.com', name: 'hello' },
    from: at('v1.17.0', from),
    to: at('v1.16.0', to),
  }
  const packument = {
    tags: { latest: '1.17.0' },
    versions: Object.fromEntries(releases.map((version) => [version, { dist: { integrity: `sha512-${version}` } }])),
  } as unknown as NpmPackument
  const wanted = releaseFor(subject.to, names, packument)
  const packuments = Object.fromEntries(['hello', '@hello/linux', 'other'].map((name) => [name, packument]))
  return findNpmTarget(subject, { ...names, tag: 'latest', wanted, packuments })
}

test('npm: an archive whose kind of hash the registry no longer gives cannot be told, and is not called another', () => {
  const target = statusOf({ version: '1.16.0', integrity: 'sha1:0beec7b5', packages: {} })

  expect(target).toMatchObject({
    status: 'present',
    uncompared: {
      detail:
        'whether the archive is the recorded one cannot be told: hello@1.16.0 was recorded with sha1, and the registry gives sha512',
      remedy: expect.stringContaining('--override V02') as string,
    },
  })
})

const GOOD: readonly (readonly [string, Json])[] = [
  ['the version of the entry', { version: '1.16.0', packages: {} }],
  ['that version with its packages', { version: '1.16.0', packages: { '@hello/linux': { version: '1.10.0' } } }],
  ['that version with build metadata', { version: '1.16.0+7', packages: {} }],
  ['nothing', null],
]

test.each(GOOD)('npm: a pin that says %s is not held against the target', (_what, pin) => {
  const target = statusOf(pin)

  expect(target.status === 'changed' ? target.detail : '').toBe('')
})

const WRONG: readonly (readonly [string, Json, Json, string])[] = [
  ['another version', { version: '1.10.0' }, null, 'what was recorded for v1.16.0 is hello@1.10.0'],
  ['the version that is left', { version: '1.17.0' }, null, 'hello@1.17.0'],
  ['a package of somebody else', { version: '1.16.0', packages: { other: { version: '1.16.0' } } }, null, 'other'],
  [
    'another archive',
    { version: '1.16.0', integrity: 'sha512-x', packages: {} },
    null,
    'not the one that was recorded',
  ],
  [
    'of the left end another version',
    { version: '1.16.0' },
    { version: '1.10.0' },
    'recorded for v1.17.0 is hello@1.10.0',
  ],
]

test.each(WRONG)('npm: a pin that says %s is refused', (_what, to, from, detail) => {
  expect(statusOf(to, from ?? { version: '1.17.0' })).toMatchObject({
    status: 'changed',
    detail: expect.stringContaining(detail) as string,
  })
})
