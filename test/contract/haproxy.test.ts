import { describe } from 'vitest'
import { missingHaproxy } from '../support/real/haproxy.ts'
import { createHaproxyFixture } from './haproxy-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const missing = missingHaproxy()

describe.skipIf(missing)(`haproxy ${missing ?? ''}`, () => {
  testTraffic('haproxy', () => createHaproxyFixture())
  testTraffic('haproxy with its state saved', () => createHaproxyFixture({ savesState: true }))
})
