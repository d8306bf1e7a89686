import { createHash } from 'node:crypto'
import type { Release } from './releases.ts'
import { gzip, tar } from './tar.ts'

/** Names everything of the sandbox: formula, manifest, image and npm package. */
export const APP = 'hello'

/** The program's source: grows with the release, differs in every version, does not compress to nothing. */
export function sourceOf({ version, summary, codeBytes }: Release): string {
  const lines = [`#!/usr/bin/env node`, `// ${APP} ${version}: ${summary}`, `console.log('${APP} ${version}')`]
  let text = `${lines.join('\n')}\n`
  for (let part = 0; text.length < codeBytes; part += 1) {
    text += `// ${createHash('sha512').update(`${version}/${part}`).digest('base64')}\n`
  }
  return text.slice(0, codeBytes)
}

/** What the tap and the bucket offer for download: one archive per platform. */
function archiveOf(release: Release, platform: string): { readonly url: string; readonly sha256: string } {
  const bytes = `${APP} ${release.version} ${platform}\n${sourceOf(release)}`
  return {
    url: `https://downloads.example.com/${APP}/v${release.version}/${APP}-${platform}.tar.gz`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

export function packageJsonOf({ version, summary, dependencies }: Release): {
  readonly name: string
  readonly version: string
  readonly [key: string]: unknown
} {
  return {
    name: APP,
    version,
    description: `Says hello. ${summary}.`,
    license: 'Apache-2.0',
    bin: { [APP]: 'index.js' },
    dependencies,
  }
}

export function npmTarball(packageJson: object, source: string): Buffer {
  return gzip(
    tar([
      { path: 'package/package.json', content: `${JSON.stringify(packageJson, null, 2)}\n` },
      { path: 'package/index.js', content: source, mode: 0o755 },
    ]),
  )
}

export function formulaOf(release: Release): string {
  const [arm, intel] = [archiveOf(release, 'darwin-arm64'), archiveOf(release, 'darwin-x64')]
  const needsCache = '@acme/cache' in release.dependencies
  return `class Hello < Formula
  desc "Says hello"
  homepage "https://hello.example.com"
  version "${release.version}"
  license "Apache-2.0"

  on_arm do
    url "${arm.url}"
    sha256 "${arm.sha256}"
  end
  on_intel do
    url "${intel.url}"
    sha256 "${intel.sha256}"
  end

  depends_on "node"
${needsCache ? '  depends_on "redis"\n' : ''}
  def install
    bin.install "${APP}"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/${APP} --version")
  end
end
`
}

export function scoopManifestOf(release: Release): string {
  const { url, sha256 } = archiveOf(release, 'windows-x64')
  const manifest = {
    version: release.version,
    description: 'Says hello',
    homepage: 'https://hello.example.com',
    license: 'Apache-2.0',
    architecture: { '64bit': { url, hash: sha256 } },
    ...('@acme/cache' in release.dependencies ? { depends: ['nodejs', 'redis'] } : { depends: ['nodejs'] }),
    bin: `${APP}.exe`,
  }
  return `${JSON.stringify(manifest, null, 4)}\n`
}
