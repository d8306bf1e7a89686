import { startOurBalancer } from '../support/our-balancer.ts'
import { createHaproxyFixture } from './haproxy-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const start = startOurBalancer

testTraffic("the sandbox's balancer", limits, () => createHaproxyFixture({ start }))
testTraffic("the sandbox's balancer with its state saved", limits, () =>
  createHaproxyFixture({ start, savesState: true }),
)
