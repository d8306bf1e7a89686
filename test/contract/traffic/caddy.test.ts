import { describe } from 'vitest'
import { missingCaddy } from '../../support/servers/real/caddy.ts'
import { createCaddyFixture, createWeightedCaddyFixture } from './caddy-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: false, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const missing = missingCaddy()

describe.skipIf(missing)(`caddy ${missing ?? ''}`, () => {
  testTraffic('caddy', limits, createCaddyFixture)
})

testTraffic('caddy with weights, a stand-in', limits, createWeightedCaddyFixture)
