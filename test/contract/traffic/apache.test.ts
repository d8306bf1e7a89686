import { describe } from 'vitest'
import { missingApache } from '../../support/servers/real/apache.ts'
import { createApacheFixture } from './apache-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const missing = missingApache()

describe.skipIf(missing)(`Apache, by a program of the documentation ${missing ?? ''}`, () => {
  testTraffic('apache', limits, createApacheFixture)
})
