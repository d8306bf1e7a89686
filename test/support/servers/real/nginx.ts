import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PerSlot } from '../../../../src/domain/traffic/traffic.ts'
import { freePort } from '../free-port.ts'
import { clientOutput, findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface Nginx {
  /** Where requests go in. */
  readonly url: string
  /** Answers with the marker. */
  readonly probe: string
  /** The file with the split. */
  readonly include: string
  /** Included as well, and empty: what others add. */
  readonly otherInclude: string
  /** The words of a command line for this server: `-t`, `-s reload`. */
  words(...args: readonly string[]): readonly string[]
  reload(): Promise<void>
  close(): Promise<void>
}

export interface NginxSettings {
  readonly hosts: PerSlot<string>
  readonly divides: 'upstream' | 'split_clients'
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingNginx(): string | undefined {
  return findProgram('nginx') ? undefined : 'not installed: nginx (apt-get install nginx-light)'
}

/** nginx that sends everything to blue; the include has been written by a person and carries no marker yet. */
export async function startNginx({ hosts, divides }: NginxSettings): Promise<Nginx> {
  const folder = temporaryFolder('nginx')
  const place = (name: string) => join(folder, name)
  const [port, probePort] = [await freePort(), await freePort()]
  mkdirSync(place('temp'))
  writeFileSync(place('traffic.conf'), includeFor(hosts, divides))
  writeFileSync(place('other.conf'), '')
  writeFileSync(place('nginx.conf'), configurationFor(place, { port, probePort, divides }))
  const words = (...args: readonly string[]) => ['nginx', '-q', '-p', folder, '-c', place('nginx.conf'), ...args]
  const [file = '', ...args] = words('-g', 'daemon off;')
  const server = startChildServer(file, args, { signal: 'TERM' })
  const probe = `http://127.0.0.1:${probePort}/traffic`
  await server.waitFor(async () => ((await fetch(probe).catch(() => undefined))?.ok ? true : undefined))
  return {
    url: `http://127.0.0.1:${port}`,
    probe,
    include: place('traffic.conf'),
    otherInclude: place('other.conf'),
    words,
    async reload() {
      const [program = '', ...rest] = words('-s', 'reload')
      await clientOutput(program, rest)
    },
    close: () => server.stop(),
  }
}

function includeFor({ blue, green }: PerSlot<string>, divides: NginxSettings['divides']): string {
  const marker = 'map $host $bagboy_traffic {\n    default "";\n}\n'
  if (divides === 'upstream') {
    return `# Blue and green.
upstream app {
    server ${blue} weight=1 max_fails=0; # the old one
    server ${green} max_fails=0 down;
    keepalive 32;
}
${marker}`
  }
  return `split_clients "$arg_client" $bagboy_slot {
    * app_blue;
}
upstream app_blue { server ${blue}; keepalive 32; }
upstream app_green { server ${green}; keepalive 32; }
${marker}`
}

interface Ports {
  readonly port: number
  readonly probePort: number
  readonly divides: NginxSettings['divides']
}

function configurationFor(place: (name: string) => string, { port, probePort, divides }: Ports): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${place('temp')}/${name};`,
  )
  return `worker_processes 2;
pid ${place('nginx.pid')};
error_log ${place('error.log')} info;
worker_shutdown_timeout 10s;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000;
${temporary.join('\n')}
  include ${place('traffic.conf')};
  include ${place('other.conf')};
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${divides === 'upstream' ? 'app' : '$bagboy_slot'};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
  server {
    listen 127.0.0.1:${probePort};
    location = /traffic {
      add_header X-Bagboy-Traffic $bagboy_traffic always;
      return 204;
    }
  }
}
`
}
