import { describe, expect, test } from 'vitest'
import { gitError } from '../../../src/git/git-errors.ts'
import { parseGitRemote } from '../../../src/git/git-remote.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'

function errorOf(stderr: string, secrets: readonly string[] = []) {
  const platform = createNodePlatform()
  platform.secrets.add(...secrets)
  const remote = parseGitRemote('git@forge.example.org:acme/tap.git')
  const signal = new AbortController().signal
  const site = { platform, signal, timeoutMs: 1000, remote, login: undefined, folder: '/copy' }
  return gitError(site, 'reading its branches', { exitCode: 128, stdout: new Uint8Array(), stderr })
}

const LAST =
  'fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n'

describe('what ssh, a helper or a server said is shown', () => {
  test.each([
    ['Host key verification failed.\r\n', 'Host key verification failed.', 'REGISTRY_UNAUTHORIZED', 'known_hosts'],
    [
      "Warning: Permanently added 'forge' (ED25519) to the list of known hosts.\r\ngit@forge: Permission denied (publickey).\r\n",
      'git@forge: Permission denied (publickey).',
      'REGISTRY_UNAUTHORIZED',
      'ssh-add',
    ],
    [
      'FATAL: W any tap ann DENIED by fallthru\n(or you mis-spelled the reponame)\n',
      'W any tap ann DENIED by fallthru; (or you mis-spelled the reponame)',
      'REGISTRY_FORBIDDEN',
      'credentials',
    ],
    [
      'ERROR: The key you are authenticating with has been marked as read only.\n',
      'The key you are authenticating with has been marked as read only.',
      'REGISTRY_FORBIDDEN',
      'credentials',
    ],
    [
      'remote: \nremote: ========\nERROR: This deploy key does not have write access to this project.\n',
      'This deploy key does not have write access to this project.',
      'REGISTRY_FORBIDDEN',
      'credentials',
    ],
    [
      'Gitea: Unauthorized\nKey: 5:deploy is not authorized to write to acme/tap.\n',
      'Gitea: Unauthorized; Key: 5:deploy is not authorized to write to acme/tap.',
      'REGISTRY_FORBIDDEN',
      'credentials',
    ],
    [
      "remote: The project you were looking for could not be found or you don't have permission to view it.\n",
      "The project you were looking for could not be found or you don't have permission to view it.",
      'REGISTRY_NOT_FOUND',
      'Log in',
    ],
    [
      "gh: no token\nfatal: could not read Username for 'https://h': terminal prompts disabled\n",
      "gh: no token; could not read Username for 'https://h': terminal prompts disabled",
      'REGISTRY_UNAUTHORIZED',
      'Log in',
    ],
    [
      'kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.0.0.1 port 22\n',
      'kex_exchange_identification: Connection closed by remote host; Connection closed by 10.0.0.1 port 22',
      'REGISTRY_UNREACHABLE',
      'network',
    ],
    [
      "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate\n",
      "unable to access 'https://h/': SSL certificate problem: self-signed certificate",
      'REGISTRY_UNREACHABLE',
      'GIT_SSL_CAINFO',
    ],
    [
      "fatal: unable to access 'https://h/': Received HTTP code 407 from proxy after CONNECT\n",
      "unable to access 'https://h/': Received HTTP code 407 from proxy after CONNECT",
      'REGISTRY_UNAUTHORIZED',
      'proxy',
    ],
  ])('%j', (stderr, said, code, hint) => {
    const error = errorOf(stderr + LAST)

    expect(error.message).toBe(
      `${said} (git@forge.example.org:acme/tap.git: git ended with 128 while reading its branches)`,
    )
    expect([error.code, error.hint]).toEqual([code, expect.stringContaining(hint)])
  })

  test('and is what follows every failure when nothing else was said', () => {
    expect(errorOf(LAST).message).toContain('Could not read from remote repository.')
  })

  test('without the traces that a user has switched on, and without secrets', () => {
    const trace = '19:00:00.123456 http.c:756 => Send header: HTTP/1.1 401\n'

    const error = errorOf(`${trace}remote: no t0ken-of-ann here\nfatal: early EOF\n`, ['t0ken-of-ann'])

    expect(error.message).toContain('no *** here; early EOF (git@')
    expect(error.code).toBe('REGISTRY_UNREACHABLE')
  })

  test('in no form that a terminal obeys', () => {
    expect(errorOf('remote: \u001b]0;owned\u0007 and more\n').message).not.toContain('\u001b')
  })

  test.each(['early EOF', 'returned error: 503', 'returned error: 429'])(
    'with a remedy for every command: %s',
    (text) => {
      expect(errorOf(`fatal: ${text}\n`).hint).toContain('try again')
      expect(errorOf(`fatal: ${text}\n`).hint).not.toContain('resume')
    },
  )
})
