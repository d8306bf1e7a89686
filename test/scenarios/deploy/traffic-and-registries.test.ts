import { afterAll, describe, expect, test } from 'vitest'
import type { Stamped } from '../../../src/events/events.ts'
import { writesIn } from '../../support/servers/fault-proxy.ts'
import { missingCaddy } from '../../support/servers/real/caddy.ts'
import { missingDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { missingNginx } from '../../support/servers/real/nginx.ts'
import { missingVerdaccio } from '../../support/servers/real/verdaccio.ts'
import { readPointers } from '../../support/registries/registry-pointers.ts'
import {
  startCaddyBalancer,
  startHaproxyBalancer,
  startNginxBalancer,
} from '../../support/servers/traffic-balancers.ts'
import {
  allAnswersFrom,
  createTrafficProject,
  type ProjectBalancer,
  type TrafficProject,
  type TrafficProjectOptions,
} from '../../support/projects/traffic-project.ts'

const ROLL_BACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const
const TRAFFIC = 'traffic:myapp@haproxy'
/** Of each registry, for every request; a registry needs several. */
const SLOW_MS = 400

const projects: TrafficProject<ProjectBalancer>[] = []
afterAll(() => Promise.all(projects.map((project) => project.close())))

async function aProject<Balancer extends ProjectBalancer>(options: TrafficProjectOptions<Balancer>) {
  const project = await createTrafficProject(options)
  projects.push(project)
  return project
}

function eventsIn(printed: string): readonly Stamped[] {
  const lines = printed.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Stamped)
}

const noServers = missingHaproxy() ?? missingDockerRegistry() ?? (await missingVerdaccio())

describe.skipIf(noServers !== undefined)(`traffic and four registries ${noServers ?? ''}`, { timeout: 240_000 }, () => {
  test('traffic is first and proved before anything else moves; undo puts every pointer and the split back', async () => {
    const project = await aProject({ start: startHaproxyBalancer, registries: 'real' })
    const { registries } = project
    const before = registries && (await readPointers(registries))

    const rollback = await project.bagboy(...ROLL_BACK)
    const served = await project.served()
    const moved = registries && (await readPointers(registries))
    const undo = await project.bagboy('runs', 'undo', '--yes', '--reason', 'it was not the release')

    expect(rollback.exitCode, rollback.stderr).toBe(0)
    const events = eventsIn(rollback.stdout)
    const proved = events.findIndex((event) => event.type === 'step.verified' && event.step === TRAFFIC)
    const others = events.findIndex((event) => event.type === 'step.intent' && event.step !== TRAFFIC)
    expect(proved).toBeGreaterThan(0)
    expect(others).toBeGreaterThan(proved)
    expect(events.filter(({ type }) => type === 'step.verified')).toHaveLength(5)
    expect(served).toEqual(allAnswersFrom('blue'))
    expect(moved?.brew).toContain('1.2.0')
    expect(undo.exitCode, undo.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('green'))
    expect(registries && (await readPointers(registries))).toMatchObject({ brew: before?.brew, scoop: before?.scoop })
  })
})

const noHaproxy = missingHaproxy()

describe.skipIf(noHaproxy !== undefined)(
  `traffic ahead of slow registries ${noHaproxy ?? ''}`,
  { timeout: 240_000 },
  () => {
    test('nobody waits for registries that take their time: users are moved while they are read', async () => {
      const project = await aProject({ start: startHaproxyBalancer, registries: 'local' })
      for (const proxy of Object.values(project.registries?.proxies ?? {})) proxy.setLatency(SLOW_MS)

      const { exitCode, stdout, stderr } = await project.bagboy(...ROLL_BACK)

      expect(exitCode, stderr).toBe(0)
      const events = eventsIn(stdout)
      const timeOf = (type: Stamped['type'], step?: string) => {
        const found = events.find(
          (event) => event.type === type && (step === undefined || ('step' in event && event.step === step)),
        )
        return Date.parse(found?.at ?? '')
      }
      const verified = events.findIndex((event) => event.type === 'step.verified' && event.step === TRAFFIC)
      expect(verified).toBeGreaterThan(-1)
      const firstOther = events.find((event) => event.type === 'step.started' && event.step !== TRAFFIC)
      expect(events.findIndex((event) => event === firstOther)).toBeGreaterThan(verified)
      expect(Date.parse(firstOther?.at ?? '') - timeOf('run.started')).toBeGreaterThan(SLOW_MS)
    })

    test('a registry that moved since the plan was made: traffic is back, nothing else is touched, and the run says so', async () => {
      const project = await aProject({ start: startHaproxyBalancer, registries: 'local' })
      const planned = await project.bagboy('rollback', 'v1.2.0', '--dry-run', '--plan-out', 'plan.json')
      await project.registries?.publish('1.3.1')
      for (const proxy of Object.values(project.registries?.proxies ?? {})) proxy.forget()

      const { exitCode, stderr } = await project.bagboy('apply', 'plan.json', '--yes')

      expect(planned.exitCode, planned.stderr).toBe(0)
      expect(exitCode, stderr).toBe(6)
      expect(stderr).toContain('it was moved from outside since the plan was made')
      expect(await project.served()).toEqual(allAnswersFrom('blue'))
      for (const proxy of Object.values(project.registries?.proxies ?? {})) expect(writesIn(proxy.requests)).toEqual([])
    })
  },
)

const noNginx = missingNginx()

describe.skipIf(noNginx !== undefined)(`a record of nginx ${noNginx ?? ''}`, { timeout: 120_000 }, () => {
  const record = ['record', '--version', 'v1.2.0', '--commit', 'abc1234', '--slot'] as const

  test('after an edit by hand says that nothing proves it', async () => {
    const project = await aProject({ start: startNginxBalancer })
    await project.balancer.moveByHand('blue')

    const unproved = await project.bagboy(...record, 'blue')

    expect(unproved.exitCode, unproved.stderr).toBe(0)
    expect(unproved.stderr).toContain('is set to 1.2.0, but nothing proves that this is in force')
  })

  test('after a move of ours has nothing to say', async () => {
    const project = await aProject({ start: startNginxBalancer })
    await project.bagboy(...ROLL_BACK)

    const proved = await project.bagboy(...record, 'blue')

    expect(proved.exitCode, proved.stderr).toBe(0)
    expect(proved.stderr).not.toContain('nothing proves')
  })
})

const others = [
  { name: 'nginx', missing: missingNginx(), start: startNginxBalancer },
  { name: 'caddy', missing: missingCaddy(), start: startCaddyBalancer },
]

describe.each(others)('traffic through $name', ({ missing, start }) => {
  test.skipIf(missing !== undefined)(
    `goes back, and forward again when that is undone ${missing ?? ''}`,
    { timeout: 120_000 },
    async () => {
      const project = await aProject({ start })

      const dry = await project.bagboy('rollback', 'v1.2.0', '--dry-run')
      const untouched = await project.served()
      const rollback = await project.bagboy(...ROLL_BACK)
      const served = await project.served()
      const status = await project.bagboy('status')
      const undo = await project.bagboy('runs', 'undo', '--yes', '--reason', 'it was not the release')

      expect([dry.exitCode, untouched]).toEqual([0, allAnswersFrom('green')])
      expect(rollback.exitCode, rollback.stderr).toBe(0)
      expect(served).toEqual(allAnswersFrom('blue'))
      expect(status.stdout).toMatch(/in-sync\s+blue 100 % v1\.2\.0, green 0 % v1\.3\.0/u)
      expect(undo.exitCode, undo.stderr).toBe(0)
      expect(await project.served()).toEqual(allAnswersFrom('green'))
    },
  )
})
