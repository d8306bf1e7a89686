import type { Shape } from './shape.ts'

const SHA = '0'.repeat(64)
const inFormula = (lines: string): string =>
  `class Myapp < Formula\n  desc "Does what it says"\n  homepage "https://example.org"\n${lines}\n\n  def install\n    bin.install "myapp"\n  end\n\n  test do\n    assert_match "9.9.9", shell_output("#{bin}/myapp --version")\n  end\nend\n`

/** Formulas as taps have them: by a release tool, by hand, built from source, of several platforms. */
export const FORMULA_SHAPES: readonly Shape[] = [
  [
    'a release tool',
    (v) =>
      inFormula(
        `  version "${v}"\n\n  on_macos do\n    if Hardware::CPU.arm?\n      url "https://example.org/v${v}/myapp_Darwin_arm64.tar.gz"\n      sha256 "${SHA}"\n    end\n  end`,
      ),
  ],
  [
    'a release tool, with single quotes',
    (v) => inFormula(`  version '${v}'\n  url 'https://example.org/myapp.tar.gz'`),
  ],
  [
    'an archive of a tag',
    (v) =>
      inFormula(`  url "https://github.com/a/b/archive/refs/tags/v${v}.tar.gz"\n  sha256 "${SHA}"\n  license "MIT"`),
  ],
  [
    'a release on GitHub',
    (v) => inFormula(`  url "https://github.com/a/b/releases/download/v${v}/b-linux-amd64.tar.gz"`),
  ],
  [
    'a repository with a tag',
    (v) =>
      inFormula(
        `  url "https://github.com/a/b.git",\n      tag:      "v${v}",\n      revision: "${'1'.repeat(40)}"\n  head "https://github.com/a/b.git", branch: "main"`,
      ),
  ],
  ['a tag with a name', (v) => inFormula(`  url "https://github.com/a/b.git", tag: "myapp-${v}"`)],
  [
    'a tag in the older writing',
    (v) => inFormula(`  url "https://github.com/a/b.git", :tag => "${v}", :using => :git`),
  ],
  [
    'a tarball with its name',
    (v) =>
      inFormula(
        `  url "https://example.org/dl/myapp-${v}.tar.xz"\n  mirror "https://mirror.example.org/myapp-9.9.9.tar.xz"`,
      ),
  ],
  ['a tarball with an underscore', (v) => inFormula(`  url "https://example.org/dl/myapp_${v}.tar.gz"`)],
  ['a tarball of sources', (v) => inFormula(`  url "https://example.org/dl/myapp-${v}-src.tar.gz"`)],
  ['a folder of a series', (v) => inFormula(`  url "https://example.org/1.x/myapp-${v}.tar.bz2"`)],
  [
    'a stable block',
    (v) =>
      inFormula(
        `  stable do\n    url "https://example.org/myapp-${v}.tgz"\n    sha256 "${SHA}"\n  end\n  head do\n    url "https://example.org/a.git"\n    version "9.9.9"\n  end`,
      ),
  ],
  [
    'a constant',
    (v) => inFormula(`  VERSION = "${v}".freeze\n  version VERSION\n  url "https://example.org/#{VERSION}/a.tgz"`),
  ],
  [
    'a constant in its address only',
    (v) => inFormula(`  VERSION = "${v}"\n  url "https://example.org/myapp-#{VERSION}.tgz"`),
  ],
  [
    'resources before it',
    (v) =>
      inFormula(
        `  resource "data" do\n    url "https://example.org/data-9.9.9.tgz"\n    version "9.9.9"\n  end\n  url "https://example.org/myapp-${v}.tgz"`,
      ),
  ],
  [
    'a livecheck before it',
    (v) =>
      inFormula(
        `  livecheck do\n    url "https://example.org/9.9.9"\n    regex(/href=.*?v?(\\d+(?:\\.\\d+)+)["']/i)\n  end\n  version "${v}"`,
      ),
  ],
  [
    'bottles',
    (v) =>
      inFormula(
        `  url "https://example.org/myapp-${v}.tgz"\n  bottle do\n    root_url "https://ghcr.io/v2/a/9.9.9"\n    rebuild 2\n    sha256 cellar: :any, arm64_sonoma: "${SHA}"\n  end`,
      ),
  ],
  [
    'comments',
    (v) =>
      `# typed: false\n# version "9.9.9"\n=begin\n  version "9.9.8"\n=end\n${inFormula(`  # version "9.9.7"\n  version "${v}" # version "9.9.6"`)}`,
  ],
  [
    'caveats',
    (v) =>
      inFormula(`  def caveats\n    <<~EOS\n      version "9.9.9" is old\n      end\n    EOS\n  end\n  version "${v}"`),
  ],
  [
    'a strategy of its own',
    (v) =>
      `class Private < CurlDownloadStrategy\n  def version\n    "9.9.9"\n  end\nend\n\n${inFormula(`  url "https://example.org/myapp-${v}.tgz", using: Private`)}`,
  ],
  [
    'patches and options',
    (v) =>
      inFormula(
        `  option "with-x", "Build 9.9.9"\n  patch :DATA\n  patch do\n    url "https://example.org/p-9.9.9.diff"\n  end\n  url "https://example.org/myapp-${v}.tgz"`,
      ),
  ],
  [
    'Linux and macOS apart',
    (v) =>
      inFormula(
        `  on_linux do\n    on_arm do\n      url "https://example.org/myapp_${v}_linux_arm64.tar.gz"\n    end\n  end\n  on_macos do\n    url "https://example.org/myapp_${v}_darwin_arm64.tar.gz"\n  end`,
      ),
  ],
]
