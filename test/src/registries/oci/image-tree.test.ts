import { onTestFinished, expect, test } from 'vitest'
import { answerWith, listenOnLoopback } from '../../../../src/sandbox/servers/loopback-server.ts'
import { digestOf, IMAGE_TYPES } from '../../../../src/sandbox/servers/oci/oci-store.ts'
import { openDockerRegistry, pinned } from '../../../support/registries/docker-session.ts'

type Repository = ReturnType<Awaited<ReturnType<typeof openDockerRegistry>>['repository']>
type Entry = Readonly<Record<string, unknown>>

/** Stores an index whatever it names, as a registry does that checks nothing; returns its digest. */
function putIndex({ manifests, tags }: Repository, entries: readonly Entry[], tag?: string): string {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: IMAGE_TYPES.ociIndex, manifests: entries }))
  manifests.set(digestOf(bytes), { mediaType: IMAGE_TYPES.ociIndex, bytes })
  if (tag !== undefined) tags.set(tag, digestOf(bytes))
  return digestOf(bytes)
}

function entry(digest: string, architecture: string, mediaType: string = IMAGE_TYPES.ociManifest): Entry {
  return { mediaType, digest, size: 1, platform: { os: 'linux', architecture } }
}

function attestation(digest: string, image: string): Entry {
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image,
  }
  return {
    mediaType: IMAGE_TYPES.ociManifest,
    digest,
    size: 1,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations,
  }
}

/** 1.2.0 as Buildx makes it: of each platform an index with the image and its attestation. */
async function openNested() {
  const registry = await openDockerRegistry()
  const { push, repository } = registry
  const bad = push('bad', ['1.3.0', 'latest'])
  const images = { amd64: push('amd64', []), arm64: push('arm64', []) }
  const proofs = { amd64: push('proof of amd64', []), arm64: push('proof of arm64', []) }
  const platforms = (['amd64', 'arm64'] as const).map((name) =>
    entry(
      putIndex(repository(), [entry(images[name].digest, name), attestation(proofs[name].digest, images[name].digest)]),
      name,
      IMAGE_TYPES.ociIndex,
    ),
  )
  const digest = putIndex(repository(), platforms, '1.2.0')
  const look = async () =>
    (await registry.session(pinned('1.3.0', bad.digest), pinned('1.2.0', digest)).inspect()).target
  return { ...registry, images, proofs, platforms, look }
}

test('an index of indexes is there when all that it leads to is', async () => {
  const { look } = await openNested()

  expect(await look()).toEqual({ status: 'present' })
})

test.each([
  ['an image two levels down', 'linux/arm64 (manifest sha256:'],
  ['a layer of it', 'linux/arm64 (blob sha256:'],
  ['its configuration', 'linux/arm64 (blob sha256:'],
  ['the index of a platform', 'linux/arm64 (manifest sha256:'],
])('%s that is gone is named with its platform', async (part, named) => {
  const { repository, images, platforms, look } = await openNested()
  const { manifests, blobs } = repository()
  if (part === 'an image two levels down') manifests.delete(images.arm64.digest)
  if (part === 'a layer of it') blobs.delete(images.arm64.layer)
  if (part === 'its configuration') blobs.delete(images.arm64.config)
  if (part === 'the index of a platform') manifests.delete(String(platforms[1]?.['digest']))

  expect(await look()).toMatchObject({
    status: 'present',
    lacks: {
      isUsable: false,
      detail: expect.stringContaining(`not there: ${named}`) as string,
      remedy: expect.stringContaining('--override V09') as string,
    },
  })
})

test.each([
  ['an attestation', 'the attestation of linux/arm64 (manifest sha256:'],
  ['what is in an attestation', 'the attestation of linux/arm64 (blob sha256:'],
])('%s that is gone is named, and no image is said to fail', async (part, named) => {
  const { repository, proofs, look } = await openNested()
  if (part === 'an attestation') repository().manifests.delete(proofs.arm64.digest)
  else repository().blobs.delete(proofs.arm64.layer)

  const target = await look()

  expect(target).toMatchObject({
    status: 'present',
    lacks: { isUsable: true, detail: expect.stringContaining(`not there: ${named}`) as string },
  })
  expect(JSON.stringify(target)).not.toMatch(/pull of 1\.2\.0|--override/u)
})

test('an attestation that is gone with an image is named beside it', async () => {
  const { repository, images, proofs, look } = await openNested()
  repository().manifests.delete(images.arm64.digest)
  repository().manifests.delete(proofs.arm64.digest)

  expect(await look()).toMatchObject({
    status: 'present',
    lacks: {
      isUsable: false,
      detail: expect.stringMatching(
        /^not there: linux\/arm64 \([^)]*\); nor: the attestation of linux\/arm64 /u,
      ) as string,
    },
  })
})

test('an index of which no image is whole is missing, whatever attests to it', async () => {
  const { repository, images, look } = await openNested()
  repository().blobs.delete(images.amd64.layer)
  repository().manifests.delete(images.arm64.digest)

  expect(await look()).toMatchObject({ status: 'missing', detail: expect.stringContaining('linux/amd64') as string })
})

test('what an index lists beside manifests has to be there as well', async () => {
  const { push, repository, session } = await openDockerRegistry()
  const [bad, image] = [push('bad', ['1.3.0', 'latest']), push('cached', [])]
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: image.layer, size: 1 }
  const digest = putIndex(repository(), [entry(image.digest, 'amd64'), layer], '1.2.0')
  const { inspect } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', digest))
  const before = (await inspect()).target

  repository().blobs.delete(image.layer)

  expect(before).toEqual({ status: 'present' })
  expect((await inspect()).target).toMatchObject({ status: 'missing' })
})

test('content that stands in the manifest itself need not be in the registry', async () => {
  const { push, session, repository } = await openDockerRegistry()
  const bad = push('bad', ['1.3.0', 'latest'])
  const content = Buffer.from('{"content":"old"}')
  const old = push('old', ['1.2.0'], (text) =>
    text.replace(`"digest": "${digestOf(content)}"`, (found) => `${found}, "data": "${content.toString('base64')}"`),
  )
  repository().blobs.delete(old.config)

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect(target).toEqual({ status: 'present' })
})

test('a HEAD that still finds what is gone decides nothing', async () => {
  const { push, session, repository, proxy } = await openDockerRegistry()
  const [bad, old] = [push('bad', ['1.3.0', 'latest']), push('old', ['1.2.0'])]
  repository().blobs.delete(old.layer)
  proxy.inject({ kind: 'status', applied: false, status: 200, method: 'HEAD' })

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect(target).toMatchObject({ status: 'missing' })
})

test('what is served everywhere already is looked through all the same', async () => {
  const { push, session, repository } = await openDockerRegistry()
  const [bad, old] = [push('bad', ['1.3.0']), push('old', ['1.2.0', 'latest'])]
  repository().blobs.delete(old.layer)

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect(target).toMatchObject({ status: 'missing' })
})

test.each([
  ['has it', 206, 'present'],
  ['has lost it', 404, 'missing'],
  ['lets in nobody from here', 403, 'present'],
  ['cannot be reached', 0, 'present'],
])('a registry that sends us to a storage that %s is followed without the login', async (_what, status, expected) => {
  const { push, session, proxy } = await openDockerRegistry()
  const [bad, old] = [push('bad', ['1.3.0', 'latest']), push('old', ['1.2.0'])]
  const seen: (string | undefined)[] = []
  const storage = await listenOnLoopback(
    answerWith(({ headers }) => {
      seen.push(headers['authorization'])
      return { status, body: 'x' }
    }),
  )
  onTestFinished(() => storage.close())
  if (status === 0) await storage.close()
  const headers = { location: `${storage.url}/bucket/${old.layer}?signature=s3cret` }
  proxy.inject({ kind: 'status', applied: false, status: 307, headers, path: new RegExp(`blobs/${old.layer}`, 'u') })

  const { target } = await session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest)).inspect()

  expect(target).toMatchObject({ status: expected })
  expect(seen).toEqual(status === 0 ? [] : [undefined])
})
