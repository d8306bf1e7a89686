import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGitTap } from '../../releases/git-tap.ts'
import { clientOutput } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { missingApache, MODULE_FOLDER, passwordFile, startApache } from './apache.ts'
import { HTTP_LOGINS, httpUsers, type GitServer } from './git-server.ts'

const MODULES = ['alias', 'env', 'cgi', 'auth_basic', 'authn_core', 'authn_file', 'authz_user'] as const

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingApacheGit(): string | undefined {
  const hasCgi = existsSync(join(MODULE_FOLDER, 'mod_cgi.so'))
  return missingApache() ?? (hasCgi ? undefined : 'not installed: mod_cgi of Apache')
}

/** git-http-backend behind Apache, set up after git-http-backend(1): a login to read, and another one to write. */
export async function startApacheGit(): Promise<GitServer> {
  const folder = temporaryFolder('apache-git')
  const { folder: tap } = createGitTap(join(folder, 'served/tap.git'))
  const backend = join((await clientOutput('git', ['--exec-path'])).trim(), 'git-http-backend')
  const users = join(folder, 'users')
  passwordFile(users, HTTP_LOGINS.publisher, HTTP_LOGINS.reader)
  const server = await startApache({
    modules: MODULES,
    lines: () => [
      `SetEnv GIT_PROJECT_ROOT ${folder}/served`,
      'SetEnv GIT_HTTP_EXPORT_ALL',
      'SetEnv GIT_CONFIG_GLOBAL /dev/null',
      'SetEnv GIT_CONFIG_NOSYSTEM 1',
      `ScriptAlias /git/ ${backend}/`,
      '<Location /git>',
      'AuthType Basic',
      'AuthName git',
      `AuthUserFile ${users}`,
      'AuthzSendForbiddenOnFailure On',
      '<If "%{QUERY_STRING} == \'service=git-receive-pack\' || %{REQUEST_URI} =~ m#/git-receive-pack$#">',
      'Require user publisher',
      '</If>',
      '<Else>',
      'Require valid-user',
      '</Else>',
      '</Location>',
    ],
  })
  return { folder: tap, ...httpUsers(`http://${server.host}/git/tap.git`), close: () => server.close() }
}
