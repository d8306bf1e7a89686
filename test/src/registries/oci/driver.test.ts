import { expect, test } from 'vitest'
import { IMAGE_TYPES, putManifest, createOciStore } from '../../../../src/sandbox/servers/oci/oci-store.ts'
import { codeOf } from '../../../contract/registries/driver-session.ts'
import { openDockerRegistry, pinned } from '../../../support/registries/docker-session.ts'

test('puts the very bytes under the tag, so that the digest stays', async () => {
  const { push, session, tags, repository } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
  const before = await inspect()

  await execute(draft(before).actions, before.pointer)

  expect(tags()).toEqual({ '1.2.0': old.digest, '1.3.0': bad.digest, latest: old.digest })
  expect(repository().manifests.get(old.digest)?.bytes.toString()).toContain('\n   "layers"')
})

test('gives what is left a tag of its own before it moves the last one away', async () => {
  const { push, session, tags, proxy } = await openDockerRegistry()
  const old = push('old', ['v1.2.0'])
  const bad = push('bad', ['latest', 'stable'])
  const { inspect, draft, execute } = session(pinned('v1.3.0', bad.digest), pinned('v1.2.0', old.digest), {
    tags: ['latest', 'stable'],
  })
  const before = await inspect()
  proxy.forget()

  await execute(draft(before).actions, before.pointer)

  expect(tags()).toMatchObject({ 'bagboy-rollback-1.3.0': bad.digest, latest: old.digest, stable: old.digest })
  const writes = proxy.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path.replace(/.*\//u, ''))
  expect(writes).toEqual(['bagboy-rollback-1.3.0', 'latest', 'stable'])
})

test('takes another guard when the name of the first leads elsewhere', async () => {
  const { push, session, tags } = await openDockerRegistry()
  const old = push('old', ['1.2.0', 'bagboy-rollback-1.3.0'])
  const bad = push('bad', ['latest'])
  const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
  const before = await inspect()

  await execute(draft(before).actions, before.pointer)

  expect(tags()).toMatchObject({
    'bagboy-rollback-1.3.0': old.digest,
    [`bagboy-rollback-${bad.digest.slice(7, 19)}`]: bad.digest,
  })
})

test('guards a digest that is none of the two versions by its own name', async () => {
  const { push, session, tags } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const other = push('other', ['edge'])
  const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest), {
    tags: ['latest', 'edge'],
    move_all_tags: true,
  })
  const before = await inspect()

  await execute(draft(before).actions, before.pointer)

  expect(Object.keys(tags()).filter((tag) => tag.startsWith('bagboy'))).toEqual([
    `bagboy-rollback-${other.digest.slice(7, 19)}`,
  ])
})

test.each([
  ['leaves a tag alone that never led to either version', [], { latest: 'old', stable: null }, 'reversible'],
  ['makes a tag anew that led to the bad version', ['latest', 'stable'], { latest: 'old', stable: 'old' }, 'one-way'],
] as const)('%s', async (_what, recorded, expected, reversibility) => {
  const { push, session } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest, recorded), pinned('1.2.0', old.digest), {
    tags: ['latest', 'stable'],
  })
  const before = await inspect()
  const step = draft(before)

  await execute(step.actions, before.pointer)

  expect(before.preview.after).toBe(
    `latest  ${old.digest}\nstable  ${expected.stable === null ? '(no such tag)' : old.digest}`,
  )
  const digests = Object.entries(expected).map(([tag, content]) => [tag, content === null ? null : old.digest])
  expect((await inspect()).pointer).toEqual({ tags: Object.fromEntries(digests) })
  expect([step.reversibility, step.undo.length > 0]).toEqual([reversibility, reversibility === 'reversible'])
})

test('makes every tag anew when pruning has taken them all', async () => {
  const { push, session, tags } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const { inspect, draft, execute } = session({ version: '1.3.0', pin: null }, pinned('1.2.0', old.digest))
  const before = await inspect()

  await execute(draft(before).actions, before.pointer)

  expect(before).toMatchObject({ pointer: { tags: { latest: null } }, serving: null, target: { status: 'present' } })
  expect(tags()).toEqual({ '1.2.0': old.digest, latest: old.digest })
})

test('never moves the tag of a version, even when it is configured or stands in a plan', async () => {
  const { push, session, tags } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect, draft, execute } = session(pinned('v1.3.0', bad.digest), pinned('v1.2.0', old.digest), {
    tags: ['latest', '1.3.0'],
  })
  const before = await inspect()
  const forged = { kind: 'custom', title: 'forged', operation: 'put-manifest' } as const

  await execute(draft(before).actions, before.pointer)
  const codes = [
    await codeOf(execute([{ ...forged, input: { tag: '1.3.0', digest: old.digest } }], before.pointer)),
    await codeOf(execute([{ ...forged, input: { tag: '../blobs/x', digest: old.digest } }], before.pointer)),
    await codeOf(session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest), { tags: ['v1.3.0'] }).inspect()),
  ]

  expect(before.pointer).toEqual({ tags: { latest: bad.digest } })
  expect(tags()).toEqual({ '1.2.0': old.digest, '1.3.0': bad.digest, latest: old.digest })
  expect(codes).toEqual(['PLAN_INVALID', 'PLAN_INVALID', 'CONFIG_INVALID'])
})

test('stops at a version whose tag was pushed again', async () => {
  const { push, session } = await openDockerRegistry()
  const [old, rebuilt] = [push('old', []), push('rebuilt', ['1.2.0'])]
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))

  const { target } = await inspect()

  expect(target).toMatchObject({
    status: 'changed',
    detail: expect.stringContaining(rebuilt.digest.slice(0, 19)) as string,
  })
})

test.each([
  ['its manifest', 'no manifest'],
  ['a layer', 'blob sha256:'],
  ['its configuration', 'blob sha256:'],
  ['the whole digest in the history', 'no whole sha256 digest'],
  ['any trace', 'no tag 1.2.0'],
])('says that the target lacks %s', async (part, detail) => {
  const { push, session, repository } = await openDockerRegistry()
  const old = push('old', [])
  const bad = push('bad', ['1.3.0', 'latest'])
  if (part === 'its manifest') repository().manifests.delete(old.digest)
  if (part === 'a layer') repository().blobs.delete(old.layer)
  if (part === 'its configuration') repository().blobs.delete(old.config)
  const pins: Readonly<Record<string, unknown>> = {
    'the whole digest in the history': { version: '1.2.0', pin: { digest: 'sha256:1f0c' } },
    'any trace': { version: '1.2.0', pin: null },
  }
  const to = (pins[part] ?? pinned('1.2.0', old.digest)) as ReturnType<typeof pinned>

  const { target } = await session(pinned('1.3.0', bad.digest), to).inspect()

  expect(target).toMatchObject({ status: 'missing', detail: expect.stringContaining(detail) as string })
})

test('promises nothing that could be read back when it does not know where to go', async () => {
  const { push, session } = await openDockerRegistry()
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect, draft } = session(pinned('1.3.0', bad.digest), { version: '1.2.0', pin: null })
  const before = await inspect()

  const step = draft(before)

  expect(step.actions).toEqual([])
  expect(step.want).not.toEqual(before.pointer)
})

test('says which child of an index is gone', async () => {
  const { push, session, repository } = await openDockerRegistry()
  const child = push('child', [])
  const bad = push('bad', ['1.3.0', 'latest'])
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ digest: child.digest, mediaType: IMAGE_TYPES.ociManifest, size: 1 }],
  })
  const store = createOciStore()
  const digest = putManifest({ ...store, repositories: new Map([['team/app', repository()]]) }, 'team/app', '1.2.0', {
    mediaType: IMAGE_TYPES.ociIndex,
    bytes: Buffer.from(index),
  })
  repository().manifests.delete(child.digest)

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', digest)).inspect()

  expect(target).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining(`manifest ${child.digest.slice(0, 19)}`) as string,
  })
})

test('needs no layer that is fetched from elsewhere, and follows no redirect to one', async () => {
  const { push, session, repository, proxy } = await openDockerRegistry()
  const foreign = (text: string) =>
    text.replace(
      'oci.image.layer.v1.tar"',
      'oci.image.layer.nondistributable.v1.tar", "urls": ["https://example.com/l"]',
    )
  const old = push('old', ['1.2.0'], foreign)
  const bad = push('bad', ['1.3.0', 'latest'])
  repository().blobs.delete(old.layer)
  proxy.inject({
    kind: 'status',
    applied: false,
    status: 307,
    headers: { location: 'http://127.0.0.1:9/blob' },
    path: new RegExp(old.config, 'u'),
  })

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect(target).toEqual({ status: 'present' })
})

test.each([
  [
    'other bytes than those of the digest',
    { body: '{"schemaVersion":2}', headers: { 'content-type': IMAGE_TYPES.ociManifest } },
  ],
  [
    'a manifest of the first schema',
    {
      body: '{"schemaVersion":1}',
      headers: { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
    },
  ],
])('is not taken in by %s', async (_what, answer) => {
  const { push, session, proxy } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  proxy.inject({ kind: 'status', applied: false, status: 200, method: 'GET', ...answer })

  const code = await codeOf(session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect())

  expect(code).toBe('REGISTRY_BROKEN')
})

test.each([
  ['an image that lost a layer since it was read', 'layer', 'REGISTRY_REJECTED'],
  ['an image that is gone since it was read', 'registry', 'REGISTRY_REJECTED'],
  ['a registry that is read-only', 405, 'REGISTRY_REJECTED'],
  ['a tag that may not move', 409, 'REGISTRY_CONFLICT'],
] as const)('is told of %s by the registry', async (_what, cause, code) => {
  const { push, session, repository, proxy, tags } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
  const before = await inspect()
  if (cause === 'layer' || cause === 'registry') repository().blobs.delete(old.layer)
  if (cause === 'registry') repository().manifests.delete(old.digest)
  if (typeof cause === 'number') proxy.inject({ kind: 'status', applied: false, status: cause, method: 'PUT' })

  const answered = await codeOf(execute(draft(before).actions, before.pointer))

  expect([answered, tags()['latest']]).toEqual([code, bad.digest])
})

test('cannot put back an image it has never read and that is gone', async () => {
  const { push, session, repository } = await openDockerRegistry()
  const old = push('old', ['1.2.0', 'latest'])
  const bad = push('bad', ['1.3.0'])
  const { inspect, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
  const { pointer } = await inspect()
  repository().manifests.delete(bad.digest)
  const back = { kind: 'custom', title: 'back', operation: 'put-manifest' } as const

  const goal = { wants: { tags: { latest: bad.digest } }, restores: true }
  const code = await codeOf(execute([{ ...back, input: { tag: 'latest', digest: bad.digest } }], pointer, { goal }))

  expect(code).toBe('REGISTRY_NOT_FOUND')
})

test.each([
  ['no header names it', {}],
  ['a header names another one', { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }],
])('takes the digest of a tag from the bytes when %s', async (_what, named) => {
  const { push, session, proxy, repository } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const body = repository().manifests.get(bad.digest)?.bytes.toString() ?? ''
  proxy.inject({
    kind: 'status',
    applied: false,
    status: 200,
    path: /latest/u,
    headers: { 'content-type': IMAGE_TYPES.ociManifest, ...named },
    body,
  })

  const { pointer, serving } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect([pointer, serving]).toEqual([{ tags: { latest: bad.digest } }, '1.3.0'])
})

test('is not taken in by an old answer to a HEAD', async () => {
  const { push, session, proxy } = await openDockerRegistry()
  const old = push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const headers = { 'content-type': IMAGE_TYPES.ociManifest, 'docker-content-digest': old.digest }
  proxy.inject({ kind: 'status', applied: false, status: 200, method: 'HEAD', path: /latest/u, headers })

  const { pointer, serving } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect([pointer, serving]).toEqual([{ tags: { latest: bad.digest } }, '1.3.0'])
})

test('stops at a digest that is served everywhere and is another version than its entry says', async () => {
  const { push, session } = await openDockerRegistry()
  push('old', ['1.2.0'])
  const bad = push('bad', ['1.3.0', 'latest'])
  const { inspect } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', bad.digest))

  expect((await inspect()).target).toMatchObject({ status: 'changed' })
})

test('reads back with one request a tag', async () => {
  const { push, session, proxy } = await openDockerRegistry()
  const old = push('old', ['1.2.0', 'latest', 'stable'])
  const bad = push('bad', ['1.3.0'])
  const { inspect } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest), { tags: ['latest', 'stable'] })
  await inspect()
  proxy.forget()

  const { serving } = await inspect()

  expect(serving).toBe('1.2.0')
  expect(proxy.requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
})

test('looks for no part of an image when only the pointer is asked for', async () => {
  const { push, session, proxy, repository } = await openDockerRegistry()
  const old = push('old', ['1.2.0', 'latest'])
  const { inspect } = session(pinned('1.2.0', old.digest), pinned('1.2.0', old.digest))
  repository().blobs.delete(old.layer)

  const { serving } = await inspect(undefined, { isPointerOnly: true })

  expect(serving).toBe('1.2.0')
  expect(proxy.requests.map(({ path }) => path)).toEqual(['/v2/team/app/manifests/latest'])
})

test('says that it was asked without a login when there is nothing to record', async () => {
  const { session } = await openDockerRegistry()
  const { capture } = session(pinned('1.3.0', `sha256:${'a'.repeat(64)}`), pinned('1.2.0', `sha256:${'b'.repeat(64)}`))

  await expect(capture('1.3.0')).rejects.toMatchObject({
    code: 'REGISTRY_NOT_FOUND',
    hint: expect.stringMatching(/^Push the image first.*without a login.*docker login 127\.0\.0\.1/u) as string,
  })
})
