import { createHash } from 'node:crypto'

export interface ImageTarget {
  /** `http://127.0.0.1:5000` */
  readonly url: string
  readonly repository: string
  /** `user:secret`, when the registry asks. */
  readonly login?: string
}

export interface PublishedImage {
  readonly digest: string
  /** One for each architecture; no other version has them. */
  readonly layers: readonly string[]
}

const VERSION_LABEL = 'org.opencontainers.image.version'
const TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
}

/** Pushes a small image as any client does; with several architectures an index of them. */
export async function publishImage(
  target: ImageTarget,
  image: { readonly version: string; readonly tags: readonly string[]; readonly architectures?: readonly string[] },
): Promise<PublishedImage> {
  const architectures = image.architectures ?? ['amd64']
  const children = []
  for (const architecture of architectures) children.push(await pushSingle(target, image.version, architecture))
  const [only] = children
  if (!only) throw new Error('an image has at least one architecture')
  const manifests = children.map(({ digest, size, platform }) => ({
    mediaType: TYPES.manifest,
    digest,
    size,
    platform,
  }))
  const index = JSON.stringify({ schemaVersion: 2, mediaType: TYPES.index, manifests })
  const top = architectures.length > 1 ? { mediaType: TYPES.index, body: index } : only
  for (const tag of image.tags) await putManifest(target, tag, top.mediaType, top.body)
  return { digest: digestOf(top.body), layers: children.map(({ layer }) => layer) }
}

/** The label of the image a tag leads to; `null` without such a tag. */
export async function readVersionLabel(target: ImageTarget, tag: string): Promise<string | null> {
  const manifest = await readDocument(target, `manifests/${tag}`)
  if (!manifest) return null
  const [child] = manifest.manifests ?? []
  const image = child ? await readDocument(target, `manifests/${child.digest}`) : manifest
  const config = await readDocument(target, `blobs/${image?.config?.digest}`)
  return config?.config?.Labels?.[VERSION_LABEL] ?? null
}

export async function deleteFromImage(target: ImageTarget, path: string): Promise<void> {
  const answer = await send(target, 'DELETE', path)
  if (answer.status !== 202) throw new Error(`DELETE ${path}: ${answer.status}`)
}

/** A tag's digest; `null` when there is no such tag. */
export async function readTagDigest(target: ImageTarget, tag: string): Promise<string | null> {
  const answer = await send(target, 'HEAD', `manifests/${tag}`)
  return answer.status === 200 ? answer.headers.get('docker-content-digest') : null
}

async function pushSingle(target: ImageTarget, version: string, architecture: string) {
  const layer = await pushBlob(target, `${version} ${architecture} ${target.repository}`)
  const config = await pushBlob(
    target,
    JSON.stringify({
      architecture,
      os: 'linux',
      config: { Labels: { [VERSION_LABEL]: version } },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  )
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPES.manifest,
    config: { mediaType: TYPES.config, ...config },
    layers: [{ mediaType: TYPES.layer, ...layer }],
  })
  await putManifest(target, digestOf(body), TYPES.manifest, body)
  const platform = { os: 'linux', architecture }
  return { mediaType: TYPES.manifest, body, digest: digestOf(body), size: body.length, layer: layer.digest, platform }
}

async function pushBlob(target: ImageTarget, content: string): Promise<{ digest: string; size: number }> {
  const digest = digestOf(content)
  const started = await send(target, 'POST', 'blobs/uploads/')
  const place = new URL(started.headers.get('location') ?? '', target.url)
  place.searchParams.set('digest', digest)
  const stored = await fetch(place, {
    method: 'PUT',
    headers: { ...(await authorize(target)), 'content-type': 'application/octet-stream' },
    body: content,
  })
  if (stored.status !== 201) throw new Error(`blob: ${stored.status} ${await stored.text()}`)
  return { digest, size: content.length }
}

async function putManifest(target: ImageTarget, reference: string, mediaType: string, body: string): Promise<void> {
  const answer = await send(target, 'PUT', `manifests/${reference}`, { 'content-type': mediaType }, body)
  if (answer.status !== 201) throw new Error(`manifest ${reference}: ${answer.status} ${await answer.text()}`)
}

interface ImageDocument {
  readonly manifests?: readonly { readonly digest: string }[]
  readonly config?: { readonly digest?: string; readonly Labels?: Readonly<Record<string, string>> }
}

async function readDocument(target: ImageTarget, path: string): Promise<ImageDocument | undefined> {
  const answer = await send(target, 'GET', path, { accept: `${TYPES.index}, ${TYPES.manifest}` })
  return answer.status === 200 ? ((await answer.json()) as ImageDocument) : undefined
}

async function send(
  target: ImageTarget,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Response> {
  const accept = { accept: `${TYPES.index}, ${TYPES.manifest}` }
  const url = `${target.url}/v2/${target.repository}/${path}`
  const authorization = await authorize(target)
  return fetch(url, {
    method,
    headers: { ...accept, ...authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  })
}

/** Basic, or a token for everything where the registry hands out tokens. */
async function authorize({ url, repository, login }: ImageTarget): Promise<Readonly<Record<string, string>>> {
  if (login === undefined) return {}
  const basic = { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  const { headers } = await fetch(`${url}/v2/`)
  const [, realm, service] =
    /^Bearer realm="([^"]+)",service="([^"]+)"/u.exec(headers.get('www-authenticate') ?? '') ?? []
  if (realm === undefined) return basic
  const scope = `repository:${repository}:pull,push,delete`
  const answer = await fetch(`${realm}?service=${service}&scope=${scope}`, { headers: basic })
  const { token } = (await answer.json()) as { readonly token: string }
  return { authorization: `Bearer ${token}` }
}

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
