import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseGitRemote } from '../../../src/git/git-remote.ts'
import { deleteRefs, pushRef } from '../../../src/git/push-ref.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const REF = 'refs/bagboy/lock/1'

/** A repository that takes no push without a certificate of Ann's, and a copy of it that is pushed from. */
async function aStrictRemote() {
  const folder = temporaryFolder('signed-pushes')
  const key = join(folder, 'key')
  await clientOutput('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const signers = join(folder, 'signers')
  writeFileSync(signers, `ann@example.org ${readFileSync(`${key}.pub`, 'utf8')}`)
  const remote = createGitTap(join(folder, 'tap.git'), {
    'receive.certNonceSeed': 'a seed',
    'gpg.ssh.allowedSignersFile': signers,
  })
  const hooks = join(remote.folder, 'hooks')
  mkdirSync(hooks)
  writeFileSync(join(hooks, 'pre-receive'), '#!/bin/sh\ntest "$GIT_PUSH_CERT_STATUS" = G\n')
  chmodSync(join(hooks, 'pre-receive'), 0o755)
  const ours = createGitTap(join(folder, 'ours.git'))
  return { remote, ours, commit: ours.commit({ README: 'one\n' }), folder, key }
}

test.each([
  ['true', 'pushed', true],
  ['if-asked', 'pushed', true],
  ['false', 'declined', false],
])(
  'with push.gpgSign = %s a server that requires signed pushes says %s, also to a deletion',
  async (sign, kind, isDone) => {
    const { remote, ours, commit, folder, key } = await aStrictRemote()
    const config = join(folder, 'gitconfig')
    const user = `[user]\n\tname = Ann\n\temail = ann@example.org\n\tsigningKey = ${key}\n`
    writeFileSync(config, `${user}[gpg]\n\tformat = ssh\n[push]\n\tgpgSign = ${sign}\n`)
    const env = { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' }
    const platform = { ...createNodePlatform(), env }
    const signal = new AbortController().signal
    const place = { platform, signal, timeoutMs: 20_000, remote: parseGitRemote(remote.folder), login: undefined }
    const site = { ...place, folder: ours.folder }

    expect(await pushRef(site, { ref: 'refs/heads/main', from: '', to: commit })).toMatchObject({ kind })
    ours.git(
      'push',
      '--quiet',
      '--receive-pack=git -c core.hooksPath=/dev/null receive-pack',
      remote.folder,
      `main:${REF}`,
    )
    expect(await deleteRefs(site, [REF])).toBe(isDone)

    expect(remote.git('for-each-ref', '--format=%(refname)', REF)).toBe(isDone ? '' : REF)
  },
)
