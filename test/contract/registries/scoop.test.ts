import { scoop } from '../../../src/registries/scoop/driver.ts'
import { scoopText } from '../../support/releases/formula.ts'
import { testDriver } from './driver-contract.ts'
import { createGitFixture } from './git-fixture.ts'

testDriver('scoop', () =>
  createGitFixture({
    driver: scoop,
    path: 'bucket/myapp.json',
    textOf: scoopText,
    versionOf: (text) => (JSON.parse(text) as { readonly version: string }).version,
    allowsFilter: true,
  }),
)
