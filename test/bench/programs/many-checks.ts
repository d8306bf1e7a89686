// Watches as many checks of one address as are wanted, once a second each, through the engine, and prints what became of
// it as JSON. Arguments: the address, how many, for how many seconds.
import { createEngineFixture } from '../../support/engine/engine-fixture.ts'
import { anHttpCheck } from '../../support/builders/a-probe.ts'
import { failures } from '../../support/builders/health-facts.ts'
import type { RoundsFound } from '../health-rounds.ts'

const [url = '', count = '', seconds = ''] = process.argv.slice(2)
const checks = Array.from({ length: Number(count) }, (_, index) =>
  anHttpCheck(url, { name: `check-${index}`, intervalMs: 1000, timeoutMs: 5000 }),
)
const { engine } = await createEngineFixture({
  registries: ['one'],
  health: { checks, triggers: [{ number: 1, conditions: [failures(3)] }] },
})

const lateMs: number[] = []
let failed = 0
const before = process.cpuUsage()
const startMs = performance.now()
const handle = engine.watch({
  until: 'stopped',
  mode: 'propose',
  hasOperator: false,
  endsWithDecision: false,
  reason: '',
  incident: '',
})
const timer = setTimeout(() => handle.stop('measured'), Number(seconds) * 1000)
for await (const event of handle) {
  if (event.type !== 'health.sampled') continue
  lateMs.push(event.sample.lateMs)
  if (event.sample.verdict !== 'passing') failed += 1
}
await handle.result
clearTimeout(timer)
const { user, system } = process.cpuUsage(before)
const wallMs = performance.now() - startMs
lateMs.sort((a, b) => a - b)
const found: RoundsFound = {
  rounds: lateMs.length,
  inTime: lateMs.filter((ms) => ms <= 100).length,
  failed,
  p99LateMs: lateMs[Math.floor(lateMs.length * 0.99)] ?? 0,
  worstLateMs: lateMs.at(-1) ?? 0,
  cores: (user + system) / 1000 / wallMs,
  rssMb: process.memoryUsage.rss() / 1024 ** 2,
}
process.stdout.write(`${JSON.stringify(found)}\n`)
process.exit()
