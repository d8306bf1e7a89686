import { startOurBalancer } from '../../support/servers/our-balancer.ts'
import { testDriver } from '../registries/driver-contract.ts'
import { createHaproxyFixture } from './haproxy-fixture.ts'
import { testTraffic } from './traffic-contract.ts'
import { asDriverFixture } from './traffic-driver-fixture.ts'

const start = startOurBalancer
const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const traits = { findsUnpinned: false, tellsTargets: true, hasCredentials: false, speaksHttp: false }

testTraffic("the sandbox's balancer", limits, () => createHaproxyFixture({ start }))
testTraffic("the sandbox's balancer with its state saved", limits, () =>
  createHaproxyFixture({ start, savesState: true }),
)
testDriver("the sandbox's balancer", async () => asDriverFixture(await createHaproxyFixture({ start })), traits)
