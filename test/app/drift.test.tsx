import { expect, test } from 'vitest'
import { aRequest, createEngineFixture, defaultApprover, type EngineFixture } from '../support/engine/engine-fixture.ts'
import { openApp } from '../support/harness/terminal.tsx'

/** Keys that change the world are ignored for so long after a screen has changed, and Enter after a key. */
const GUARD_MS = 130
const ENTER_GUARD_MS = 520

/** v1.3.0 was rolled back to v1.2.0 and is held. */
async function rolledBack(): Promise<EngineFixture> {
  const fixture = await createEngineFixture({ registries: ['one', 'two'] })
  const { exitCode } = await fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover).result
  expect(exitCode).toBe(0)
  return fixture
}

const publish = ({ world }: EngineFixture, version: string) =>
  void Object.assign(world.registry('one').tags, { latest: version, stable: version })

test('a bot that publishes the held version again is on screen at the next look, and one key takes it back', async () => {
  const fixture = await rolledBack()
  const screen = await openApp(fixture.engine, { watchMs: 50, now: () => new Date().toISOString() })
  await screen.shows('2 registries in sync')
  expect(screen.bellCount).toBe(0)

  publish(fixture, 'v1.3.0')

  await screen.shows('memory serves v1.3.0 again, which is held.')
  await screen.shows('1 registry serves a held version')
  expect(screen.bellCount).toBe(1)

  await screen.press('r')
  await screen.shows('the live version')
  await screen.press('enter')
  await screen.shows('Point one at v1.2.0')
  await screen.passes(GUARD_MS)
  await screen.press('X')
  await screen.shows('Type v1.2.0')
  await screen.types('a bot did it')
  await screen.press('tab')
  await screen.types('v1.2.0')
  await screen.press('tab', 'tab')
  await screen.shows('[ Roll back ]')
  await screen.passes(ENTER_GUARD_MS)
  await screen.press('enter')
  await screen.shows('COMPLETE')
  expect(fixture.world.registry('one').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
  await screen.close()
})

test('a registry that serves something nobody recorded is said to differ, and an outage in between changes nothing', async () => {
  const fixture = await rolledBack()
  const screen = await openApp(fixture.engine, { watchMs: 50, now: () => new Date().toISOString() })
  await screen.shows('2 registries in sync')

  publish(fixture, 'v1.4.0')
  await screen.shows('memory serves v1.4.0 instead of 1.2.0.')
  fixture.world.registry('one').isDown = true
  await screen.shows('1 of 2 registries differs')
  fixture.world.heal('one')
  publish(fixture, 'v1.2.0')

  await screen.shows('2 registries in sync')
  expect(screen.bellCount).toBe(1)
  await screen.close()
})

test('between two looks that find the same nothing moves but the time of the look', async () => {
  const fixture = await rolledBack()
  const screen = await openApp(fixture.engine, { watchMs: 50, now: () => '2026-02-01T20:00:00.000Z' })
  await screen.shows('2 registries in sync')
  const { readCount } = fixture.world.registry('one')
  const before = screen.bytesWritten

  await screen.shows(() => fixture.world.registry('one').readCount > readCount + 3)

  expect(screen.bytesWritten).toBe(before)
  await screen.close()
})
