import { allTo, type PerSlot, type TrafficSplit } from '../../../../src/domain/traffic/traffic.ts'
import { createNodeExec } from '../../../../src/platform/node/programs/exec.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { kubernetes } from '../../../../src/traffic/kubernetes/provider.ts'
import { createCommandSwitch } from '../../../support/servers/command-switch.ts'
import { createFakeCluster, type FakeCluster } from '../../../support/servers/fake/cluster.ts'
import { startFakeProgram } from '../../../support/servers/fake/program.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import type { TrafficFixture } from '../traffic-fixture.ts'

const TOKEN = 'loopback-only-token'

interface Mode {
  readonly options: Readonly<Record<string, unknown>>
  readonly splits: readonly TrafficSplit[]
  /** What is in force. */
  weights(cluster: FakeCluster): PerSlot<number>
  /** What somebody else does with their own kubectl. */
  byHand(cluster: FakeCluster): void
}

const MODES = {
  httproute: {
    options: { httproute: 'app', rule: 1, servers: { blue: 'app-blue', green: 'app-green' } },
    splits: [{ blue: 90, green: 10 }, { blue: 50, green: 50 }, allTo('green')],
    weights({ route }) {
      const refs = route.spec.rules[1]?.backendRefs ?? []
      return { blue: refs[0]?.weight ?? 1, green: refs[1]?.weight ?? 1 }
    },
    byHand({ route, change }) {
      change(route, () => {
        route.spec.rules[1] = {
          backendRefs: [
            { name: 'app-blue', weight: 3 },
            { name: 'app-green', weight: 7 },
          ],
        }
      })
    },
  },
  service: {
    options: { service: 'app', servers: { blue: 'blue', green: 'green' } },
    splits: [allTo('green'), allTo('blue'), allTo('green')],
    weights: ({ endpointSlot }) => (endpointSlot() === 'blue' ? { blue: 1, green: 0 } : { blue: 0, green: 1 }),
    byHand({ service, change }) {
      change(service, () => {
        service.spec.selector['slot'] = 'green'
      })
    },
  },
} satisfies Readonly<Record<string, Mode>>

/** A stand-in for kubectl with a cluster behind it; it serves what the gateway or the endpoints have taken up. */
export async function createKubernetesFixture(mode: keyof typeof MODES): Promise<TrafficFixture> {
  const { options, splits, weights, byHand }: Mode = MODES[mode]
  const cluster = createFakeCluster()
  const kubectl = startFakeProgram('kubectl', (args) => cluster.answer(args))
  const program = createCommandSwitch('kubectl', kubectl.file)
  const env = { PATH: process.env['PATH'] ?? '', CLUSTER_TOKEN: TOKEN }
  const failWith = (pattern: string, text: string): void =>
    program.intercept(pattern, `printf '%s\\n' '${text}' >&2; exit 1`)
  return {
    provider: kubernetes,
    options: { ...options, kubectl: [program.file], context: 'production', namespace: 'shop', env: ['CLUSTER_TOKEN'] },
    platform: { ...createNodePlatform(), env, exec: createNodeExec(env) },
    root: temporaryFolder('traffic'),
    secrets: [TOKEN],
    splits,
    world: {
      async served(count) {
        const { blue, green } = weights(cluster)
        const answers = Math.round((count * blue) / (blue + green))
        return { blue: answers, green: count - answers }
      },
      writes: () => program.calls().filter((call) => call.includes(' patch ')),
      changeByHand: async () => byHand(cluster),
      async breakConfig() {
        failWith('*" patch "*', 'The object "app" is invalid: spec: Invalid value: refused by the API server')
        return {}
      },
      async deny() {
        failWith('*', `Error from server (Forbidden): "app" is forbidden: User "${TOKEN}" cannot get resource "app"`)
        return {}
      },
      goDown: async () =>
        failWith(
          '*',
          `The connection to the server ${TOKEN}:6443 was refused - did you specify the right host or port?`,
        ),
      stall: async () => program.intercept('*', 'exec sleep 60'),
      heardCount: () => program.calls().length,
      swallowWrites: async () => program.intercept('*" patch "*', 'echo "{}"; exit 0'),
      loseAnswers: async () =>
        program.intercept(
          '*" patch "*',
          '"$REAL" "$@" >/dev/null; echo "Unable to connect to the server: unexpected EOF" >&2; exit 1',
        ),
      heal: async () => program.pass(),
      async takeOut(slot) {
        cluster.ready[slot] = false
      },
    },
    async close() {
      kubectl.close()
    },
  }
}
