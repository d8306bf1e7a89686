import { createKamalProxyFixture } from './kamal-proxy-fixture.ts'
import { testTraffic } from '../traffic-contract.ts'

const limits = { tellsStates: false, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }

testTraffic('kamal-proxy, a stand-in', limits, createKamalProxyFixture)
