import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { createGitTap } from '../../releases/git-tap.ts'
import { clientOutput, findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { passwordFile } from './apache.ts'
import { startChildServer } from './child-server.ts'
import { HTTP_LOGINS, httpUsers, type GitServer } from './git-server.ts'
import { missingNginx } from './nginx.ts'

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingNginxGit(): string | undefined {
  const isThere = findProgram('fcgiwrap') && findProgram('htpasswd')
  const missing = 'not installed: fcgiwrap or htpasswd (apt-get install fcgiwrap apache2-utils)'
  return missingNginx() ?? (isThere ? undefined : missing)
}

/** git-http-backend behind fcgiwrap and nginx: a login to read, and another one to write. */
export async function startNginxGit(): Promise<GitServer> {
  const folder = temporaryFolder('nginx-git')
  const { folder: tap } = createGitTap(join(folder, 'served/tap.git'))
  const [socket, backend] = [join(folder, 'cgi'), (await clientOutput('git', ['--exec-path'])).trim()]
  passwordFile(join(folder, 'users'), HTTP_LOGINS.publisher, HTTP_LOGINS.reader)
  const port = await freePort()
  mkdirSync(join(folder, 'temp'))
  writeFileSync(
    join(folder, 'nginx.conf'),
    configuration({ folder, port, socket, backend: `${backend}/git-http-backend` }),
  )
  const wrapper = startChildServer('fcgiwrap', ['-s', `unix:${socket}`], { signal: 'TERM' })
  await wrapper.waitFor(async () => (existsSync(socket) ? true : undefined))
  const words = ['-q', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']
  const server = startChildServer('nginx', words, { signal: 'TERM' })
  const remote = `http://127.0.0.1:${port}/git/tap.git`
  await server.waitFor(async () => (await fetch(remote).catch(() => undefined)) && true)
  return {
    folder: tap,
    ...httpUsers(remote),
    async close() {
      await server.stop()
      await wrapper.stop()
    },
  }
}

interface Places {
  readonly folder: string
  readonly port: number
  readonly socket: string
  readonly backend: string
}

function configuration({ folder, port, socket, backend }: Places): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/temp/${name};`,
  )
  const parameters = {
    SCRIPT_FILENAME: backend,
    GIT_PROJECT_ROOT: `${folder}/served`,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    PATH_INFO: '$1',
    QUERY_STRING: '$query_string',
    REQUEST_METHOD: '$request_method',
    CONTENT_TYPE: '$content_type',
    CONTENT_LENGTH: '$content_length',
    REMOTE_USER: '$remote_user',
    GIT_PROTOCOL: '$http_git_protocol',
  }
  const lines = Object.entries(parameters).map(([name, value]) => `      fastcgi_param ${name} ${value};`)
  return `${process.geteuid?.() === 0 ? 'user root;\n' : ''}worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off;
${temporary.join('\n')}
  map $remote_user:$request_uri $is_forbidden {
    default 0;
    ~^reader:.*git-receive-pack 1;
  }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 0;
    location ~ ^/git(/.*)$ {
      auth_basic git;
      auth_basic_user_file ${folder}/users;
      if ($is_forbidden) { return 403; }
      fastcgi_pass unix:${socket};
${lines.join('\n')}
    }
  }
}
`
}
