import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allTo } from '../../src/domain/traffic.ts'
import { createNodeExec } from '../../src/platform/node/exec.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { kamalProxy } from '../../src/traffic/kamal-proxy.ts'
import { createCommandSwitch } from '../support/command-switch.ts'
import type { KamalServices } from '../support/fake/kamal-services.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

const PROGRAM = join(import.meta.dirname, '../support/fake/kamal-proxy.ts')
const TARGETS = { blue: 'app-blue:3000', green: 'app-green:3000' }

/** A stand-in for kamal-proxy whose every client carries the rollout cookie. */
export async function createKamalProxyFixture(): Promise<TrafficFixture> {
  const root = temporaryFolder('traffic')
  const file = join(root, 'kamal-proxy.state')
  const services: KamalServices = [
    {
      name: 'app',
      options: { hosts: ['app.example.com'] },
      active_targets: [TARGETS.blue],
      rollout_targets: [],
      rollout_controller: null,
      pause_controller: { state: 0 },
    },
  ]
  writeFileSync(file, JSON.stringify(services))
  writeFileSync(`${file}.unhealthy`, '')
  const program = createCommandSwitch('kamal-proxy', `'${process.execPath}' '${PROGRAM}' '${file}'`)
  const env = { PATH: process.env['PATH'] ?? '' }
  const app = (): KamalServices[number] => {
    const [found] = JSON.parse(readFileSync(file, 'utf8')) as KamalServices
    if (!found) throw new Error('the stand-in has lost its service')
    return found
  }
  return {
    provider: kamalProxy,
    options: {
      kamal_proxy: [program.file],
      service: 'app',
      servers: TARGETS,
      state: ['cat', file],
      deploy: ['--host', 'app.example.com'],
    },
    platform: { ...createNodePlatform(), env, exec: createNodeExec(env) },
    root,
    secrets: ['no secret is in use'],
    splits: [{ blue: 90, green: 10 }, allTo('green'), { blue: 30, green: 70 }],
    world: {
      async served(count) {
        const {
          active_targets: [active],
          rollout_targets: [rollout],
          rollout_controller: controller,
          options,
        } = app()
        // A deploy that forgot the host would serve somebody else's requests.
        if (options.hosts[0] !== 'app.example.com') return { blue: 0, green: 0 }
        const moved =
          rollout === undefined || rollout === active ? 0 : Math.round((count * (controller?.percentage ?? 0)) / 100)
        const [blue, green] = active === TARGETS.blue ? [count - moved, moved] : [moved, count - moved]
        return { blue, green }
      },
      writes: () => program.calls().filter((call) => call !== 'list'),
      async changeByHand() {
        const allowlist: string[] = []
        const controller = { percentage: 70, percentage_split_point: 0, allowlist }
        writeFileSync(
          file,
          JSON.stringify([{ ...app(), rollout_targets: [TARGETS.green], rollout_controller: controller }]),
        )
      },
      async breakConfig() {
        writeFileSync(`${file}.unhealthy`, `${TARGETS.green}\n`)
        return {}
      },
      async deny() {
        program.intercept('*', 'echo "Error: dial unix /tmp/kamal-proxy.sock: connect: permission denied" >&2; exit 1')
        return {}
      },
      goDown: async () =>
        program.intercept(
          '*',
          'echo "Error: dial unix /tmp/kamal-proxy.sock: connect: connection refused" >&2; exit 1',
        ),
      stall: async () => program.intercept('*', 'exec sleep 60'),
      heardCount: () => program.calls().length,
      swallowWrites: async () => program.intercept('deploy*|rollout*', 'exit 0'),
      loseAnswers: async () => program.intercept('deploy*|rollout*', '"$REAL" "$@"; exit 1'),
      async heal() {
        program.pass()
        writeFileSync(`${file}.unhealthy`, '')
      },
      takeOut: () => Promise.reject(new Error('kamal-proxy looks at a target when it is deployed')),
    },
    close: () => Promise.resolve(),
  }
}
