import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { brew } from '../../../src/registries/brew/driver.ts'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PATH = 'Formula/myapp.rb'

test.each(
  ['0', '1', '2'].flatMap((protocol) =>
    ['true', 'false'].flatMap((filter) => [true, false].map((isPinned) => [protocol, filter, isPinned] as const)),
  ),
)('protocol %s, a server that leaves files out: %s, with a pin: %s', async (protocol, filter, isPinned) => {
  const root = temporaryFolder('servers')
  const tap = createGitTap(join(root, 'served/tap.git'), { 'uploadpack.allowFilter': filter })
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) tap.commit({ [PATH]: formulaText(version) })
  const pin = { path: PATH, sha: tap.blobOf(PATH, 'main~1') }
  const server = await startGitHttp({ root: dirname(tap.folder) })
  onTestFinished(() => server.close())
  const config = join(root, 'gitconfig')
  writeFileSync(config, `[protocol]\n\tversion = ${protocol}\n`)
  const platform = { env: { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' } }
  const pins = { old: isPinned ? pin : null, bad: null }
  const app = aGitPackage({ driver: brew, remote: `${server.url}/tap.git`, folder: root, platform, pins })

  const draft = await app.rollBack()

  expect(tap.read(PATH)).toBe(formulaText('1.2.0'))
  await app.execute(draft?.undo)
  expect(tap.read(PATH)).toBe(formulaText('1.3.0'))
})
