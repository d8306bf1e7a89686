import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GIT_ENVIRONMENT } from '../processes/run-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export interface PlantedClone {
  readonly root: string
  /** Of the user who steps into the clone, with secrets of theirs. */
  readonly env: Readonly<Record<string, string>>
  /** Names of the planted programs that ran. */
  ran(): readonly string[]
}

/** What no request may hold while the clone is not trusted. */
export const SECRET = 'CANARY'

/**
 * A clone whose files name a program or a secret wherever a file can: `bagboy.yaml`, `.npmrc`, `.git/config`, hooks, old
 * caches. Every program leaves a file behind when it runs; every secret would go to `host`.
 */
export function plantClone(host: string): PlantedClone {
  const folder = temporaryFolder('clone')
  const [root, home, bin, traces, origin] = ['clone', 'home', 'bin', 'traces', 'origin.git'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string]
  for (const made of [root, home, bin, traces, join(home, '.docker'), join(root, '.bagboy')])
    mkdirSync(made, { recursive: true })
  /** A command line that leaves a trace. */
  const trap = (name: string): string => {
    const file = join(bin, name)
    writeFileSync(file, `#!/bin/sh\n: > ${join(traces, name)}\n`)
    chmodSync(file, 0o755)
    return file
  }
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd, env: { ...process.env, ...GIT_ENVIRONMENT }, encoding: 'utf8' }).trim()

  writeFileSync(join(home, 'id_rsa'), `${SECRET}-FILE`)
  writeFileSync(join(home, '.npmrc'), `//${host}/user/:_authToken=${SECRET}-USER-NPMRC\n`)
  writeFileSync(join(home, '.netrc'), `machine 127.0.0.1 login user password ${SECRET}-NETRC\n`)
  writeFileSync(
    join(home, '.gitconfig'),
    `[credential]\n\thelper = "!${trap('user-git-helper')}"\n[core]\n\taskPass = ${trap('user-askpass')}\n`,
  )
  trap('docker-credential-planted')
  const login = Buffer.from(`user:${SECRET}-DOCKER`).toString('base64')
  const docker = { auths: { [host]: { auth: login } }, credHelpers: { [host]: 'planted' } }
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify(docker))

  mkdirSync(origin)
  git(origin, 'init', '--quiet', '--bare', '--initial-branch=main')
  git(root, 'init', '--quiet', '--initial-branch=main')
  writeFileSync(join(root, 'bagboy.yaml'), configText(host, home, trap))
  writeFileSync(join(root, '.gitattributes'), '* diff=planted filter=planted\n')
  const file = `registry=http://${host}/\n//${host}/c/:_authToken=\${PLANTED_NPM}\n`
  writeFileSync(join(root, '.npmrc'), file)
  git(root, 'add', '.')
  git(root, '-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '-m', 'release')
  git(root, 'tag', 'v1.1.0')
  const commit = git(root, 'rev-parse', 'HEAD')
  writeFileSync(join(root, '.bagboy/deployment-history.yml'), historyText(host, commit))
  for (const [key, value] of repositorySettings(origin, trap)) git(root, 'config', key, value)
  for (const hook of ['post-checkout', 'reference-transaction', 'pre-push', 'post-index-change']) {
    const path = join(root, '.git/hooks', hook)
    writeFileSync(path, `#!/bin/sh\n: > ${join(traces, `hook-${hook}`)}\n`)
    chmodSync(path, 0o755)
  }
  plantCache(root, `http://${host}/tap.git`, trap('cache-uploadpack'))

  const env = {
    ...GIT_ENVIRONMENT,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    BAGBOY_TRUST: '',
    PLANTED_ENV: `${SECRET}-ENV`,
    PLANTED_NPM: `${SECRET}-NPM`,
  }
  return { root, env, ran: () => (existsSync(traces) ? readdirSync(traces).sort() : []) }
}

type Trap = (name: string) => string

function configText(host: string, home: string, trap: Trap): string {
  return `name: app
version: 1.1.0
deployment:
  health_checks:
    - { name: words, command: "${trap('health-words')}" }
    - { name: shell, command: "${trap('health-shell')} || true", shell: true }
    - { name: header, url: "http://${host}/health", headers: { x-key: "\${env:PLANTED_ENV}" } }
    - { name: post, url: "http://${host}/restart", method: POST }
  metrics:
    sources:
      prom: { type: prometheus, address: "http://${host}/prom", headers: { authorization: "Bearer \${env:PLANTED_ENV}" } }
      dog: { type: datadog, address: "http://${host}/dog", api_key: "\${env:PLANTED_ENV}", app_key: "\${file:${home}/id_rsa}" }
  analysis:
    checks:
      - { name: errors, source: prom, query: up, max: 5% }
      - { name: latency, source: dog, query: "avg:x{*}", max: 5 }
  blue_green:
    blue: { url: "http://${host}/blue" }
    green: { url: "http://${host}/green" }
    deploy: { command: ["${trap('deploy')}"], env: [PLANTED_ENV] }
    traffic: { provider: command, switch: ["${trap('traffic-switch')}"], status: ["${trap('traffic-status')}"], env: [PLANTED_ENV] }
  rollback:
    validation:
      run_smoke_tests: { command: "${trap('smoke')} \${target_version}" }
      check_backwards_compatibility: { schema: "${trap('schema')}" }
      verify_dependencies: warn
      verify_artifacts: { signatures: warn }
  lock: { backend: git }
  registries:
    - { format: npm, registry: "http://${host}", token: "\${env:PLANTED_ENV}" }
    - { format: npm, registry: "http://${host}/file", token: "\${file:${home}/id_rsa}" }
    - { format: npm, registry: "http://${host}/user" }
    - { format: npm, registry: "http://${host}/c" }
    - { format: docker, registry: "${host}/team/app", tags: [latest], insecure: true }
    - { format: docker, registry: "${host}/team/other", tags: [latest], insecure: true, credentials: "\${env:PLANTED_ENV}" }
    - { format: brew, registry: acme/homebrew-tap, remote: "http://${host}/tap.git" }
    - { format: scoop, registry: acme/bucket, remote: "ssh://git@127.0.0.1:9/bucket.git" }
`
}

function historyText(host: string, commit: string): string {
  const npm = ['', '/file', '/user', '/c'].map(
    (path) => `{ format: npm, registry: "http://${host}${path}", name: app }`,
  )
  const docker = ['app', 'other'].map((name) => `{ format: docker, registry: "${host}/team/${name}", name: app }`)
  const files = [
    '{ format: brew, registry: acme/homebrew-tap, name: app }',
    '{ format: scoop, registry: acme/bucket, name: app }',
  ]
  const packages = [...npm, ...docker, ...files].map((one) => `      - ${one}\n`).join('')
  const entry = (version: string, day: string) =>
    `  - version: "${version}"\n    timestamp: "2026-01-${day}T12:00:00Z"\n    commit: "${commit}"\n    packages:\n${packages}`
  return `deployments:\n${entry('1.1.0', '20')}${entry('1.0.0', '10')}`
}

function repositorySettings(origin: string, trap: Trap): readonly (readonly [string, string])[] {
  const [hooks, included] = [join(origin, 'planted-hooks'), join(origin, 'planted-config')]
  mkdirSync(hooks)
  copyFileSync(trap('repo-hooks-path'), join(hooks, 'reference-transaction'))
  writeFileSync(included, `[core]\n\tfsmonitor = ${trap('repo-included')}\n`)
  return [
    ['remote.origin.url', origin],
    ['remote.origin.uploadpack', `${trap('repo-uploadpack')}; git-upload-pack`],
    ['remote.origin.receivepack', `${trap('repo-receivepack')}; git-receive-pack`],
    ['remote.evil.url', `ext::${trap('repo-ext')}`],
    ['remote.evil.promisor', 'true'],
    ['extensions.partialClone', 'evil'],
    ['protocol.ext.allow', 'always'],
    ['core.fsmonitor', trap('repo-fsmonitor')],
    ['core.sshCommand', trap('repo-ssh')],
    ['core.askPass', trap('repo-askpass')],
    ['core.pager', trap('repo-pager')],
    ['credential.helper', `!${trap('repo-helper')}`],
    ['gpg.program', trap('repo-gpg')],
    ['gpg.ssh.program', trap('repo-gpg-ssh')],
    ['gpg.ssh.allowedSignersFile', join(origin, 'config')],
    ['diff.external', trap('repo-diff')],
    ['diff.planted.textconv', trap('repo-textconv')],
    ['filter.planted.smudge', trap('repo-smudge')],
    ['filter.planted.clean', trap('repo-clean')],
    ['filter.planted.process', trap('repo-filter-process')],
    ['core.hooksPath', hooks],
    ['core.gitProxy', trap('repo-git-proxy')],
    ['core.editor', trap('repo-editor')],
    ['url.ext::/bin/false.insteadOf', 'http://'],
    ['alias.fetch', `!${trap('repo-alias')}`],
    ['include.path', included],
    ['includeIf.gitdir:**.path', included],
  ]
}

/** As the first versions of this program kept their copies of remotes. */
function plantCache(root: string, remote: string, program: string): void {
  const key = createHash('sha256').update(remote).digest('hex').slice(0, 16)
  const cache = join(root, '.bagboy/cache/git', key)
  mkdirSync(cache, { recursive: true })
  execFileSync('git', ['init', '--quiet', '--bare', cache])
  execFileSync('git', ['-C', cache, 'config', 'remote.bagboy.uploadpack', program])
}
