import { expect, test } from 'vitest'
import { aRequest, createEngineFixture, defaultApprover, type EngineFixture } from '../support/engine/engine-fixture.ts'
import { openApp, type Screen } from '../support/harness/terminal.tsx'

/** Keys that change the world are ignored for so long after a screen has changed, and Enter after a key. */
const GUARD_MS = 130
const ENTER_GUARD_MS = 520

const byHand = ({ world }: EngineFixture, registry: string, version: string) =>
  void Object.assign(world.registry(registry).tags, { latest: version, stable: version })

async function confirm(screen: Screen, word: string): Promise<void> {
  await screen.types('because')
  await screen.press('tab')
  await screen.types(word)
  await screen.press('tab', 'tab')
  await screen.passes(ENTER_GUARD_MS)
  await screen.press('enter')
}

test('a step that a person does ticks itself: the run goes on as soon as the registry shows it', async () => {
  const fixture = await createEngineFixture({ registries: ['one', 'two'], manual: ['two'] })
  const screen = await openApp(fixture.engine, { watchMs: 50, now: () => new Date().toISOString() })
  await screen.shows('2 registries in sync')

  await screen.press('r', 'enter')
  await screen.shows('By hand: Point two at v1.2.0')
  await screen.passes(GUARD_MS)
  await screen.press('X')
  await screen.shows('Type v1.2.0')
  await confirm(screen, 'v1.2.0')
  await screen.shows('MANUAL STEPS ARE LEFT')
  const waiting = screen.text()
  byHand(fixture, 'two', 'v1.2.0')

  await screen.shows('COMPLETE: every registry was read back')
  expect(waiting).toMatch(/Exit code +7/u)
  expect(waiting).toContain('memory point latest v1.2.0')
  expect((await fixture.engine.runs())[0]).toMatchObject({ isOpen: false, result: 'complete' })
  await screen.close()
})

test("a run that waits for a person is named on the first screen and is in nobody's way", async () => {
  const fixture = await createEngineFixture({ registries: ['one', 'two'], manual: ['two'] })
  await fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover).result

  const screen = await openApp(fixture.engine, { now: () => new Date().toISOString() })

  await screen.shows('v1.3.0 → v1.2.0 waits for a manual step')
  await screen.press('r')
  await screen.shows('Roll back v1.2.0 to')
  await screen.close()
})

test('what somebody else put in the way is written over with a typed word, and the run goes on', async () => {
  const fixture = await createEngineFixture({ registries: ['one', 'two'] })
  fixture.world.beforeWrite.hook = (registry) => {
    if (registry === 'one') byHand(fixture, 'two', 'theirs')
  }
  const { engine } = await createEngineFixture({ ...fixture, config: { parallelism: 1 } })
  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  fixture.world.beforeWrite.hook = () => undefined
  const screen = await openApp(engine, { now: () => new Date().toISOString() })

  await screen.shows('▲ something else')
  await screen.shows('stop and ask')
  await screen.passes(GUARD_MS)
  await screen.press('O')
  await screen.shows('Write over what is there')
  await confirm(screen, 'v1.2.0')
  await screen.shows('run this step')
  await screen.passes(GUARD_MS)
  await screen.press('R')
  await screen.shows('Resume the run')
  await screen.types('v1.2.0')
  await screen.press('tab', 'tab')
  await screen.passes(ENTER_GUARD_MS)
  await screen.press('enter')

  await screen.shows('COMPLETE')
  expect(fixture.world.registry('two').tags.latest).toBe('v1.2.0')
  await screen.close()
})
