import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { bindTraffic } from '../../../src/planner/bind-traffic.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { providers } from '../../../src/traffic/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The block under `traffic:` begins in line 4, column 7. */
async function bind(traffic: string) {
  const file = join(temporaryFolder('bind'), 'bagboy.yaml')
  writeFileSync(file, `deployment:\n  blue_green:\n    traffic:\n      ${traffic.replaceAll('\n', '\n      ')}\n`)
  return bindTraffic(await loadConfig({ files: createNodeFiles(), file, env: {} }), providers)
}

const SERVERS = 'servers: { blue: app1, green: app2 }'
const ADDRESSES = 'servers: { blue: "10.0.0.11:80", green: "10.0.0.12:80" }'
const NGINX = 'provider: nginx\ninclude: /etc/nginx/traffic.conf\nprobe: http://127.0.0.1:8099/traffic'

test.each([
  ['haproxy', `provider: haproxy\nsocket: /run/haproxy/admin.sock\nbackend: app\n${SERVERS}`],
  ['haproxy', 'provider: haproxy\nsocket: "[::1]:9999"\nbackend: app\nservers: { blue: [a, b], green: c }'],
  ['nginx', `${NGINX}\nupstream: app\n${ADDRESSES}`],
  ['nginx', `${NGINX}\nsplit_clients: $slot\n${SERVERS}\nreload: [sudo, nginx, -s, reload]`],
  ['caddy', `provider: caddy\nid: app\n${ADDRESSES}\ncredentials: "\${env:CADDY_LOGIN}"`],
  ['traefik', `provider: traefik\nfile: /etc/traefik/app.yml\nservice: app\napi: http://127.0.0.1:8080\n${SERVERS}`],
  ['kubernetes', `provider: kubernetes\nhttproute: app\n${SERVERS}\nsteps: [{ weight: 10 }, { weight: 100 }]`],
  ['kubernetes', `provider: kubernetes\nservice: app\n${SERVERS}\nsteps: [{ weight: 100 }]`],
  ['kamal-proxy', `provider: kamal-proxy\nservice: app\nstate: [cat, /state]\n${SERVERS}`],
  ['command', 'provider: command\nswitch: [./lb.sh, switch]\nstatus: [./lb.sh, status]'],
])('the provider %s takes %j', async (kind, block) => {
  const bound = await bind(block)

  expect(bound?.provider.kind).toBe(kind)
})

test.each(['provider: none', 'provider: none\nsteps: []'])('nothing is switched with %j', async (block) => {
  expect(await bind(block)).toBeNull()
})

test('a project without the block has nothing to switch', async () => {
  const file = join(temporaryFolder('bind'), 'bagboy.yaml')
  writeFileSync(file, 'name: app\n')

  expect(bindTraffic(await loadConfig({ files: createNodeFiles(), file, env: {} }), providers)).toBeNull()
})

test.each([
  ['provider: haprox', '4:7: there is no provider "haprox"', /Did you mean haproxy\?/u],
  [
    `provider: haproxy\nsokcet: /run/haproxy.sock\nbackend: app\n${SERVERS}`,
    '4:7: socket is missing',
    /docs\/traffic\.md/u,
  ],
  [
    `provider: haproxy\nsocket: /run/haproxy.sock\nbackend: app\n${SERVERS}\nstate-file: /x`,
    '8:7: unknown key "state-file"; did you mean state_file?',
    /docs\/traffic\.md/u,
  ],
  [`provider: haproxy\nsocket: haproxy.sock\nbackend: app\n${SERVERS}`, '5:7: socket is "haproxy.sock"; write', /./u],
  [`provider: haproxy\nsocket: /a\nbackend: "app; shutdown"\n${SERVERS}`, '6:7: backend is "app; shutdown"', /./u],
  [
    'provider: haproxy\nsocket: /a\nbackend: app\nservers: { blue: a, green: a }',
    '7:7: servers is a map; each server belongs to one slot, once',
    /./u,
  ],
  ['provider: haproxy\nsocket: /a\nbackend: app\nservers: { blue: a, gren: b }', '7:16: green is missing', /./u],
  [`${NGINX}\n${ADDRESSES}`, '4:7: the document is a map; give it exactly one of upstream and split_clients', /./u],
  [`${NGINX}\nupstream: app\n${ADDRESSES}\ntest: nginx -t`, '9:7: test is "nginx -t"; write a list', /./u],
  ['provider: caddy\nid: app\nservers: { blue: "::::", green: "b:1" }', '6:18: blue is "::::"; write host:port', /./u],
  ['provider: caddy\nid: app\nservers: { blue: "a:99999", green: "b:1" }', '6:18: blue is "a:99999"', /./u],
  [`provider: caddy\nid: app\n${ADDRESSES}\ncredentials: me:secret`, '7:7: credentials is', /./u],
  [`provider: kubernetes\nhttproute: --all\n${SERVERS}`, '5:7: httproute is "--all"; is no name of Kubernetes', /./u],
  [
    `provider: kubernetes\nservice: app\n${SERVERS}\nsteps: [{ weight: 10 }]`,
    '7:17: Kubernetes takes all or nothing',
    /100 as the only weight/u,
  ],
  ['provider: command\nswitch: [./lb.sh]', '4:7: status is missing; add it as a list', /./u],
])('%j is refused with its place and what would be right', async (block, message, hint) => {
  const error: unknown = await bind(block).catch((reason: unknown) => reason)

  expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringMatching(hint) })
  expect(String(error)).toContain(`bagboy.yaml:${message}`)
})
