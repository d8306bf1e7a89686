import { createTraefikFixture } from './traefik-fixture.ts'
import { testTraffic } from '../traffic-contract.ts'

const limits = { tellsStates: true, provesOthers: true, deniedCodes: ['REGISTRY_UNAUTHORIZED'] }

testTraffic('traefik, a stand-in', limits, createTraefikFixture)
