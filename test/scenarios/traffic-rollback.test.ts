import { afterAll, expect, test } from 'vitest'
import { createTrafficProject, allAnswersFrom } from '../support/traffic-project.ts'
import { startHaproxyBalancer } from '../support/traffic-balancers.ts'

test('try', { timeout: 100_000 }, async () => {
  const p = await createTrafficProject({ start: startHaproxyBalancer })
  for (const args of [
    ['status'],
    ['rollback', 'v1.2.0', '--dry-run'],
    ['rollback', 'v1.2.0', '--yes', '--reason', '5xx'],
    ['status'],
    ['versions', 'show', 'v1.2.0'],
    ['runs', 'list'],
    ['runs', 'undo', '--yes', '--reason', 'x'],
    ['status'],
  ]) {
    const r = await p.bagboy(...args)
    console.log('$ ' + args.join(' '), r.exitCode, '\n' + r.stdout + '---\n' + r.stderr, await p.served())
  }
  await p.close()
})
