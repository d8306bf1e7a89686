import { afterAll, describe, expect, test } from 'vitest'
import type { PerSlot } from '../../../src/domain/traffic/traffic.ts'
import type { Stamped } from '../../../src/events/events.ts'
import type { StampedWatch } from '../../../src/events/watch-events.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { readPointers } from '../../support/registries/registry-pointers.ts'
import { countAnswers } from '../../support/servers/slot-services.ts'
import { startHaproxyBalancer, type HaproxyBalancer } from '../../support/servers/traffic-balancers.ts'
import { allAnswersFrom, createTrafficProject, type TrafficProject } from '../../support/projects/traffic-project.ts'

const missing = missingHaproxy()
const STICKY = ['stick-table type ip size 1k expire 30m', 'stick on src']
const ROLL_BACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const
const start = (hosts: PerSlot<string>) => startHaproxyBalancer(hosts, { mode: 'tcp', more: STICKY })
/** One check, which the balancer answers as it answers users, and which is kept on a slot as they are. */
const THROUGH_IT = (url: string) => `  health_checks:
    - { name: live, url: "${url}/health", retries: 0, interval: 100ms, failure_threshold: 1, success_threshold: 1 }
  analysis: { window: 1s }
`

function eventsIn(printed: string): readonly (Stamped | StampedWatch)[] {
  const lines = printed.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Stamped | StampedWatch)
}

describe.skipIf(missing)(
  `a rollback behind HAProxy with mode tcp and stick on src ${missing ?? ''}`,
  { timeout: 120_000 },
  () => {
    const projects: TrafficProject<HaproxyBalancer>[] = []
    afterAll(() => Promise.all(projects.map((project) => project.close())))

    async function aProject(registries?: 'local') {
      const project = await createTrafficProject({
        start,
        deployment: THROUGH_IT,
        ...(registries ? { registries } : {}),
      })
      projects.push(project)
      return project
    }

    test('registries and traffic are back, kept users go along, and the check through the balancer sees it', async () => {
      const project = await aProject('local')
      // Users, and with them every check from here, are kept on the bad version.
      project.services.bad.add('green')
      expect(await countAnswers(project.balancer.url, 1)).toEqual({ blue: 0, green: 1 })

      const { exitCode, stdout, stderr } = await project.bagboy(...ROLL_BACK)

      expect(exitCode, stderr).toBe(0)
      const events = eventsIn(stdout)
      expect(events.filter(({ type }) => type === 'run.finished')).toMatchObject([{ exitCode: 0 }])
      const verdicts = events.flatMap((event) => (event.type === 'health.sampled' ? [event.sample.verdict] : []))
      expect(new Set(verdicts)).toEqual(new Set(['passing']))
      expect(await project.served()).toEqual(allAnswersFrom('blue'))
      expect(project.registries && (await readPointers(project.registries))).toMatchObject({
        brew: expect.stringContaining('1.2.0'),
        scoop: expect.stringContaining('1.2.0'),
      })
      // And an undo takes them to where they were.
      project.services.bad.delete('green')
      const undo = await project.bagboy('runs', 'undo', '--yes', '--reason', 'it was not the release')
      expect(undo.exitCode, undo.stderr).toBe(0)
      expect(await project.served()).toEqual(allAnswersFrom('green'))
    })

    test('a rollback to a version that answers 500 is called unhealthy by the same check', async () => {
      const project = await aProject()
      expect(await countAnswers(project.balancer.url, 1)).toEqual({ blue: 0, green: 1 })
      project.services.bad.add('blue')

      const { exitCode, stderr } = await project.bagboy(...ROLL_BACK)

      expect(exitCode, stderr).toBe(11)
      expect(await project.served()).toEqual(allAnswersFrom('blue'))
    })
  },
)
