import { createKubernetesFixture } from './kubernetes-fixture.ts'
import { testTraffic } from '../traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_FORBIDDEN'] }

testTraffic('kubernetes, an HTTPRoute of a stand-in', limits, () => createKubernetesFixture('httproute'))
testTraffic('kubernetes, a Service of a stand-in', limits, () => createKubernetesFixture('service'))
