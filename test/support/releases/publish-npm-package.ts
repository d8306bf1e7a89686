import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

export interface NpmTarget {
  readonly url: string
  readonly token: string
  /** `Bearer` unless the token is a user and a password. */
  readonly scheme?: 'Bearer' | 'Basic'
}

export interface NpmRelease {
  readonly name: string
  readonly version: string
  readonly tag?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Publishes a package with one file, as the npm command does. */
export async function publishNpmPackage(
  { url, token, scheme = 'Bearer' }: NpmTarget,
  { name, version, tag = 'latest', optionalDependencies = {} }: NpmRelease,
): Promise<void> {
  const manifest = { name, version, optionalDependencies }
  const tarball = gzipSync(tarOf('package/package.json', JSON.stringify(manifest)))
  const file = `${name.replace(/^.*\//u, '')}-${version}.tgz`
  const dist = {
    tarball: `${url}/${name}/-/${file}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  }
  const attachment = {
    content_type: 'application/octet-stream',
    data: tarball.toString('base64'),
    length: tarball.length,
  }
  const answer = await fetch(`${url}/${name.replace('/', '%2f')}`, {
    method: 'PUT',
    headers: { authorization: `${scheme} ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      _id: name,
      name,
      'dist-tags': { [tag]: version },
      versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
      _attachments: { [file]: attachment },
    }),
  })
  if (!answer.ok) throw new Error(`publishing ${name}@${version}: ${answer.status} ${await answer.text()}`)
}

/** An archive of one file (POSIX 1003.1-1990, ustar). */
function tarOf(path: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  header.write(path, 0)
  header.write(octal(0o644, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(Buffer.byteLength(content), 12), 124)
  header.write(octal(0, 12), 136)
  header.write('        0', 148)
  header.write('ustar\u000000', 257)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  const size = Buffer.byteLength(content)
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(((512 - (size % 512)) % 512) + 1024)])
}
