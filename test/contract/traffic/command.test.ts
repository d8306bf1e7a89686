import { createCommandFixture } from './command-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }

testTraffic('command', limits, createCommandFixture)
