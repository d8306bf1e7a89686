import { brew } from '../../../src/registries/brew/driver.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { testDriver } from './driver-contract.ts'
import { createGitFixture } from './git-fixture.ts'

const settings = {
  driver: brew,
  textOf: (version: string) => formulaText(version),
  versionOf: (text: string) => /version "(.*)"/u.exec(text)?.[1] ?? null,
}

testDriver('brew, a formula on a server that leaves files out', () =>
  createGitFixture({ ...settings, path: 'Formula/myapp.rb', allowsFilter: true }),
)

testDriver('brew, a cask on a server that sends everything', () =>
  createGitFixture({ ...settings, path: 'Casks/myapp.rb', allowsFilter: false }),
)
