import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tryGit } from '../../../src/git/git-command.ts'
import { secretsInSettings, usersSettings } from '../../../src/git/git-environment.ts'
import { parseGitRemote } from '../../../src/git/git-remote.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** What a command of git finds in its environment, asked through an alias that prints it. */
async function environmentOf(env: Readonly<Record<string, string>>, isGiven = true): Promise<readonly string[]> {
  const folder = join(temporaryFolder('git'), 'ours.git')
  const trust = { isGiven: () => isGiven, isChosen: () => isGiven, coversFile: () => true }
  const platform = { ...createNodePlatform(), env, trust }
  const signal = new AbortController().signal
  const remote = parseGitRemote('https://example.org/tap.git')
  const site = { platform, signal, timeoutMs: 20_000, remote, login: undefined, folder }
  await tryGit(site, { doing: '', args: ['init', '--quiet', '--bare', folder] })
  const { stdout } = await tryGit(site, { doing: '', args: ['-c', 'alias.environment=!env', 'environment'] })
  return Buffer.from(stdout).toString().split('\n')
}

describe("git gets the user's environment", () => {
  test.each(['GH_TOKEN=t0ken', 'GIT_SSH_COMMAND=ssh -i /key', 'GIT_ASKPASS=/bin/ask', 'MY_HELPER=1', 'SSH_ASKPASS=/a'])(
    'with %s, in a folder that is trusted and in no other',
    async (line) => {
      const [name = '', value = ''] = line.split('=')

      expect(await environmentOf({ [name]: value })).toContain(line)
      expect(await environmentOf({ [name]: value }, false)).not.toContain(line)
    },
  )

  test('without what belongs to the repository that another git works in', async () => {
    const names = ['GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE', 'GIT_ICASE_PATHSPECS']

    const found = await environmentOf(Object.fromEntries(names.map((name) => [name, '/nowhere'])))

    expect(found.filter((line) => names.some((name) => line.startsWith(`${name}=/nowhere`)))).toEqual([])
    expect(found).toContain('GIT_LITERAL_PATHSPECS=1')
  })

  test('with no question on the terminal', async () => {
    const found = await environmentOf({ GIT_TERMINAL_PROMPT: '1', GPG_TTY: '/dev/pts/1' })

    expect(found).toContain('GIT_TERMINAL_PROMPT=0')
    expect(found.filter((line) => line.startsWith('GPG_TTY='))).toEqual([])
  })

  test('with fewer protocols where the user allows fewer, and never with more', async () => {
    expect(await environmentOf({ GIT_ALLOW_PROTOCOL: 'https:ext' })).toContain('GIT_ALLOW_PROTOCOL=https')
  })
})

describe("the user's configuration of git in the environment", () => {
  test.each([
    ["'a.b'='c'", [['a.b', 'c']]],
    ["'a.b=c' 'd.e'='f=g'", [['a.b', 'c'], ['d.e', 'f=g']]], // prettier-ignore
    ["'url.https://u@h/x?y=z.insteadof'='https://e/'", [['url.https://u@h/x?y=z.insteadof', 'https://e/']]],
    [String.raw`'a.b'='it'\''s'\!`, [['a.b', "it's!"]]],
    ["'core.bare'", [['core.bare', 'true']]],
    ["'a.b'=", [['a.b', '']]],
    ['', []],
  ])('is read from GIT_CONFIG_PARAMETERS: %s', (text, expected) => {
    expect(usersSettings({ GIT_CONFIG_PARAMETERS: text })).toEqual(expected)
  })

  test('is understood as git understands it when a command sets it', async () => {
    const folder = temporaryFolder('git')
    const script = join(folder, 'bin/git-show-parameters')
    mkdirSync(join(folder, 'bin'))
    writeFileSync(script, '#!/bin/sh\nprintf %s "$GIT_CONFIG_PARAMETERS"\n')
    chmodSync(script, 0o755)
    const { exec } = createNodePlatform()
    const args = ['-c', "user.name=An'n! Lee", '-c', 'a.b.c=d=e', 'show-parameters']
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` }

    const { stdout } = await exec({ file: 'git', args, env, timeoutMs: 20_000 }, new AbortController().signal)

    expect(usersSettings({ GIT_CONFIG_PARAMETERS: Buffer.from(stdout).toString() })).toEqual([
      ['user.name', "An'n! Lee"],
      ['a.b.c', 'd=e'],
    ])
  })

  test.each([
    [['http.https://h/.extraHeader', 'Authorization: Basic dTpzZWNyZXQ='], 'dTpzZWNyZXQ='],
    [['url.https://x:t0ken@h/.insteadOf', 'https://h/'], 't0ken'],
    [['remote.o.url', 'https://t0ken@h/'], 't0ken'],
    [['http.proxy', 'http://u:p%40ss@proxy:1'], 'p@ss'],
  ] as const)('keeps its secrets out of messages: %j', (setting, secret) => {
    expect(secretsInSettings([setting])).toContain(secret)
  })
})
