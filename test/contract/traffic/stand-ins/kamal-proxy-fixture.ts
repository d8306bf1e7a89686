import { join } from 'node:path'
import { allTo } from '../../../../src/domain/traffic/traffic.ts'
import { createNodeExec } from '../../../../src/platform/node/programs/exec.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { kamalProxy } from '../../../../src/traffic/kamal-proxy/provider.ts'
import { createCommandSwitch } from '../../../support/servers/command-switch.ts'
import { createFakeKamalProxy } from '../../../support/servers/fake/kamal-proxy.ts'
import { startFakeProgram } from '../../../support/servers/fake/program.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import type { TrafficFixture } from '../traffic-fixture.ts'

const TARGETS = { blue: 'app-blue:3000', green: 'app-green:3000' }

/** A stand-in for kamal-proxy whose every client carries the rollout cookie. */
export async function createKamalProxyFixture(): Promise<TrafficFixture> {
  const root = temporaryFolder('traffic')
  const file = join(root, 'kamal-proxy.state')
  const proxy = createFakeKamalProxy(file, TARGETS.blue)
  const real = startFakeProgram('kamal-proxy', (args) => proxy.answer(args))
  const program = createCommandSwitch('kamal-proxy', real.file)
  const env = { PATH: process.env['PATH'] ?? '' }
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
          active_targets: active,
          rollout_targets: rollout,
          rollout_controller: controller,
          options,
        } = proxy.service
        // A deploy that forgot the host would serve somebody else's requests.
        if (options.hosts[0] !== 'app.example.com') return { blue: 0, green: 0 }
        const isOn = rollout.length > 0 && rollout[0] !== active[0]
        const moved = isOn ? Math.round((count * (controller?.percentage ?? 0)) / 100) : 0
        return active[0] === TARGETS.blue
          ? { blue: count - moved, green: moved }
          : { blue: moved, green: count - moved }
      },
      writes: () => program.calls().filter((call) => call !== 'list'),
      async changeByHand() {
        proxy.change((service) => {
          service.rollout_targets = [TARGETS.green]
          service.rollout_controller = { percentage: 70, percentage_split_point: 0, allowlist: [] }
        })
      },
      async breakConfig() {
        proxy.unhealthy.add(TARGETS.green)
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
        proxy.unhealthy.clear()
      },
      takeOut: () => Promise.reject(new Error('kamal-proxy looks at a target when it is deployed')),
    },
    async close() {
      real.close()
    },
  }
}
