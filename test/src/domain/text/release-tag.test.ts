import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTagPattern, newestTagged, tagOfVersion, versionOfTag } from '../../../../src/domain/text/release-tag.ts'

const naming = (app: string, releaseTag: string | null = null) => ({ app, releaseTag })

describe('a git tag', () => {
  test.each([
    ['v1.2.0', 'api', 'v1.2.0'],
    ['1.2.0-rc.1', 'api', '1.2.0-rc.1'],
    ['v2', 'api', 'v2'],
    ['api-v1.2.0', 'api', 'v1.2.0'],
    ['api-1.2.0+build.7', 'api', '1.2.0+build.7'],
    ['api/v1.2.0', 'api', 'v1.2.0'],
    ['api@1.2.0', 'api', '1.2.0'],
    ['@acme/api@1.2.0', 'api', '1.2.0'],
    ['@acme/api@1.2.0', '@acme/api', '1.2.0'],
    ['api@1.2.0', '@acme/api', '1.2.0'],
    ['api-v1.2.0', '@acme/api', 'v1.2.0'],
    ['my-api-v1.2.0', 'my-api', 'v1.2.0'],
  ])('%s is of %s, and says %s', (tag, app, version) => {
    expect(versionOfTag(tag, naming(app))).toBe(version)
  })

  test.each([
    ['web-v2.0.0', 'api'],
    ['web/v2.0.0', 'api'],
    ['web@2.0.0', 'api'],
    ['@acme/web@2.0.0', 'api'],
    ['@other/api@2.0.0', '@acme/api'],
    ['api-gateway-v2.0.0', 'api'],
    ['api/gateway/v2.0.0', 'api'],
    ['api-gateway@2.0.0', 'api'],
    ['api-2-v1.0.0', 'api'],
    ['myapi-v2.0.0', 'api'],
    ['nightly', 'api'],
    ['release-2.0.0', 'api'],
    ['api', 'api'],
  ])('%s is not of %s', (tag, app) => {
    expect(versionOfTag(tag, naming(app))).toBeUndefined()
  })

  test.each([
    ['release-2.0.0', 'release-${version}', '2.0.0'],
    ['backend_v2.0.0', 'backend_v${version}', '2.0.0'],
    ['2.0.0-api', '${version}-${app}', '2.0.0'],
    ['api-v2.0.0', 'release-${version}', undefined],
    ['v2.0.0', 'release-${version}', undefined],
    ['release-', 'release-${version}', undefined],
    ['release-nightly', 'release-${version}', undefined],
  ])('%s under the pattern %s says %s', (tag, pattern, version) => {
    expect(versionOfTag(tag, naming('api', pattern))).toBe(version)
  })

  const segment = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(?:-[a-z0-9]{1,4}){0,2}$/u)
  const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((parts) => parts.join('.'))

  test('that is named after one application is never of another', () => {
    const forms = fc.constantFrom(
      (app: string, one: string) => `${app}-v${one}`,
      (app: string, one: string) => `${app}/v${one}`,
      (app: string, one: string) => `${app}@${one}`,
      (app: string, one: string) => `@acme/${app}@${one}`,
    )
    fc.assert(
      fc.property(segment, segment, version, forms, (one, other, number, form) => {
        const tag = form(one, number)
        expect(versionOfTag(tag, naming(one))?.replace(/^v/u, '')).toBe(number)
        if (one !== other) expect(versionOfTag(tag, naming(other))).toBeUndefined()
      }),
      { seed: 81, numRuns: 2000 },
    )
  })
})

test('of several tags on one commit the one that is named after the application counts, then the highest', () => {
  expect(newestTagged(['web-v9.0.0', 'api-v1.2.0', 'v3.0.0'], naming('api'))).toBe('v1.2.0')
  expect(newestTagged(['v1.10.0-rc.1', 'v1.9.0', 'v1.10.0'], naming('api'))).toBe('v1.10.0')
  expect(newestTagged(['web-v9.0.0'], naming('api'))).toBeUndefined()
})

test('the tag of a version is found under every name that the application has', () => {
  const tags = ['web-v1.2.0', 'v1.2.0', 'api-v1.2.0', 'api-v1.3.0']

  expect(tagOfVersion(tags, '1.2.0', naming('api'))).toBe('api-v1.2.0')
  expect(tagOfVersion(tags, 'v1.3.0', naming('api'))).toBe('api-v1.3.0')
  expect(tagOfVersion(tags, 'v1.2.0', naming('worker'))).toBe('v1.2.0')
  expect(tagOfVersion(tags, 'v1.4.0', naming('api'))).toBeUndefined()
})

test.each([
  ['web-v${version}', true],
  ['${app}@${version}', true],
  ['@acme/web@${version}', true],
  ['web', false],
  ['${version}-${version}', false],
  ['-${version}', false],
  ['web v${version}', false],
  ['web..${version}', false],
  ['web@{${version}', false],
  ['${name}-${version}', false],
])('the pattern %s is understood: %s', (pattern, isUnderstood) => {
  expect(isTagPattern(pattern)).toBe(isUnderstood)
})
