import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitOf, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { createNodeExec } from '../../../src/platform/node/programs/exec.ts'
import { command } from '../../../src/traffic/command/provider.ts'
import { createCommandSwitch } from '../../support/servers/command-switch.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

const TOKEN = 'loopback-only-token'

// Keeps the split in a file; takes no change from somebody who brings no token.
const BALANCER = `#!/bin/sh
cd "$(dirname "$0")"
test "$BALANCER_TOKEN" = ${TOKEN} || { echo "permission denied for $BALANCER_TOKEN" >&2; exit 1; }
case $1 in
  status) cat split ;;
  switch)
    test "$BAGBOY_IF_MATCH" = "$(sed 's/.*"revision":"\\([^"]*\\)".*/\\1/' split)" || exit 10
    test "$BAGBOY_GREEN" -le 100 || exit 1
    cat >asked
    echo "{\\"split\\":{\\"blue\\":$BAGBOY_BLUE,\\"green\\":$BAGBOY_GREEN},\\"revision\\":\\"r$$\\",\\"states\\":$(cat states)}" >split ;;
esac
`

/** Two small programs of a project, before a file that is the balancer. */
export async function createCommandFixture(): Promise<TrafficFixture> {
  const root = temporaryFolder('traffic')
  const place = (name: string): string => join(root, name)
  const states = { blue: 'up', green: 'up' }
  const put = (split: PerSlot<number>, revision: string): void =>
    writeFileSync(place('split'), `${JSON.stringify({ split, revision, states })}\n`)
  writeFileSync(place('balancer'), BALANCER)
  chmodSync(place('balancer'), 0o755)
  writeFileSync(place('states'), JSON.stringify(states))
  put({ blue: 100, green: 0 }, 'first')
  const program = createCommandSwitch('balancer', place('balancer'))
  const env = { PATH: process.env['PATH'] ?? '', BALANCER_TOKEN: TOKEN, OTHER_TOKEN: 'another-token' }
  return {
    provider: command,
    options: { switch: [program.file, 'switch'], status: [program.file, 'status'], env: ['BALANCER_TOKEN'] },
    platform: { ...createNodePlatform(), env, exec: createNodeExec(env) },
    root,
    secrets: [TOKEN],
    splits: [
      { blue: 90, green: 10 },
      { blue: 0, green: 100 },
      { blue: 33, green: 67 },
    ],
    world: {
      async served(count) {
        const { split } = JSON.parse(readFileSync(place('split'), 'utf8')) as { readonly split: PerSlot<number> }
        const { blue } = splitOf(split)
        return { blue: (count * blue) / 100, green: count - (count * blue) / 100 }
      },
      writes: () => program.calls().filter((call) => call.startsWith('switch')),
      changeByHand: async () => put({ blue: 30, green: 70 }, 'by hand'),
      async breakConfig() {
        program.intercept('switch*', 'echo "there is no pool for that" >&2; exit 3')
        return {}
      },
      async deny() {
        program.intercept('*', `echo "permission denied, ${TOKEN}" >&2; exit 1`)
        return {}
      },
      goDown: async () => program.intercept('*', `echo "connection refused by ${TOKEN}" >&2; exit 1`),
      stall: async () => program.intercept('*', 'exec sleep 60'),
      heardCount: () => program.calls().length,
      swallowWrites: async () => program.intercept('switch*', 'exit 0'),
      loseAnswers: async () => program.intercept('switch*', '"$REAL" "$@"; exit 1'),
      heal: async () => program.pass(),
      async takeOut(slot) {
        states[slot] = 'stopped'
        writeFileSync(place('states'), JSON.stringify(states))
        put({ blue: 100, green: 0 }, 'out')
      },
    },
    close: () => Promise.resolve(),
  }
}
