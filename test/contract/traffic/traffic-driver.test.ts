import { describe } from 'vitest'
import { missingCaddy } from '../../support/servers/real/caddy.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { missingNginx } from '../../support/servers/real/nginx.ts'
import { createCaddyFixture } from './caddy-fixture.ts'
import { testDriver } from '../registries/driver-contract.ts'
import { createHaproxyFixture } from './haproxy-fixture.ts'
import { createNginxFixture } from './nginx-fixture.ts'
import { asDriverFixture } from './traffic-driver-fixture.ts'

// What breaks on the way is the provider's own contract.
const traits = { findsUnpinned: false, tellsTargets: false, hasCredentials: false, speaksHttp: false }

const [noHaproxy, noNginx, noCaddy] = [missingHaproxy(), missingNginx(), missingCaddy()]

describe.skipIf(noHaproxy)(`traffic through haproxy ${noHaproxy ?? ''}`, () => {
  testDriver('haproxy', async () => asDriverFixture(await createHaproxyFixture()), { ...traits, tellsTargets: true })
})

describe.skipIf(noNginx)(`traffic through nginx ${noNginx ?? ''}`, () => {
  testDriver('nginx', async () => asDriverFixture(await createNginxFixture('upstream')), traits)
})

describe.skipIf(noCaddy)(`traffic through caddy ${noCaddy ?? ''}`, () => {
  testDriver('caddy', async () => asDriverFixture(await createCaddyFixture()), traits)
})
