import { describe } from 'vitest'
import { missingNginx } from '../../support/servers/real/nginx.ts'
import { createNginxFixture } from './nginx-fixture.ts'
import { testTraffic } from './traffic-contract.ts'

const limits = { tellsStates: false, provesOthers: false, deniedCodes: ['REGISTRY_FORBIDDEN'] }
const missing = missingNginx()

describe.skipIf(missing)(`nginx ${missing ?? ''}`, () => {
  testTraffic('nginx, upstream', limits, () => createNginxFixture('upstream'))
  testTraffic('nginx, split_clients', limits, () => createNginxFixture('split_clients'))
})
