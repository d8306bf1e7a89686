import { expect, test } from 'vitest'
import { createEngineFixture } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'

test.each([
  [true, 'in-sync', ''],
  [false, 'unknown', 'it does not do yet what is written down'],
])('a pointer that is where it was recorded, and is obeyed: %s', async (isApplied, state, detail) => {
  const world = createMemoryWorld('v1.3.0')
  const { inspect } = world.driver
  const driver: typeof world.driver = {
    ...world.driver,
    inspect: async (...args) => ({ ...(await inspect(...args)), isApplied }),
  }
  const { engine } = await createEngineFixture({ world, driver, registries: ['one'] })

  expect(await engine.status()).toMatchObject([{ serving: 'v1.3.0', state, detail }])
})
