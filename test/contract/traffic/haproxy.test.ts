import { describe } from 'vitest'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { createHaproxyFixture } from './haproxy-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const missing = missingHaproxy()

describe.skipIf(missing)(`haproxy ${missing ?? ''}`, () => {
  testTraffic('haproxy', limits, () => createHaproxyFixture())
  testTraffic('haproxy with its state saved', limits, () => createHaproxyFixture({ savesState: true }))
})
