/** A formula as release tools write it. */
export function formulaText(version: string, extra = ''): string {
  return `# typed: false
class Myapp < Formula
  desc "Does what it says"
  homepage "https://myapp.example.com"
  version "${version}"
  license "Apache-2.0"
${extra}
  on_macos do
    url "https://downloads.example.com/myapp/v${version}/myapp_darwin_arm64.tar.gz"
    sha256 "${version.replaceAll('.', '').padEnd(64, '0')}"
  end

  def install
    bin.install "myapp"
  end
end
`
}

export function scoopText(version: string): string {
  const manifest = {
    version,
    homepage: 'https://myapp.example.com',
    architecture: { '64bit': { url: `https://downloads.example.com/myapp/v${version}/myapp.zip`, hash: '00' } },
    checkver: 'github',
  }
  return `${JSON.stringify(manifest, null, 4)}\n`
}
