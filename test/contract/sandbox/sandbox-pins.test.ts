import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../../src/domain/text/json.ts'
import { parseVersion } from '../../../src/domain/version.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { docker } from '../../../src/registries/oci/driver.ts'
import type { AnyDriver, DriverContext } from '../../../src/registries/driver.ts'
import { npm } from '../../../src/registries/npm/driver.ts'
import { scoop } from '../../../src/registries/scoop/driver.ts'
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const folder = temporaryFolder('sandbox-pins')
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await createSandbox({ folder })
})
afterAll(() => sandbox.close())

interface Package {
  readonly format: string
  readonly registry: string
  readonly name: string
  readonly ref?: Json
}
interface Entry {
  readonly version: string
  readonly packages: readonly Package[]
}

function entries(): readonly Entry[] {
  const text = readFileSync(join(sandbox.root, '.bagboy/deployment-history.yml'), 'utf8')
  return (parse(text) as { deployments: readonly Entry[] }).deployments
}

function open(driver: AnyDriver) {
  const { format: wanted } = driver
  const file = parse(readFileSync(join(sandbox.root, 'bagboy.yaml'), 'utf8')) as {
    deployment: { registries: readonly { format: string; registry: string; [key: string]: unknown }[] }
  }
  const {
    format: _format,
    registry,
    ...keys
  } = file.deployment.registries.find((entry) => entry.format === wanted) ?? {
    format: wanted,
    registry: '',
  }
  const context: DriverContext<unknown> = {
    platform: { ...createNodePlatform(), env: { ...process.env, ...sandbox.env } },
    options: driver.options.parse(keys),
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    root: sandbox.root,
    cacheFolder: join(folder, 'cache'),
    oneTimePassword: () => Promise.resolve(''),
  }
  return { context, registry }
}

function recorded(entry: Entry | undefined, format: string): Package {
  const found = entry?.packages.find((record) => record.format === format)
  if (!found) throw new Error(`${entry?.version} has no ${format}`)
  return found
}

function pinned(version: string, pin: Json) {
  const parsed = parseVersion(version)
  if (!parsed) throw new Error(`${version} is no version`)
  return { version: parsed, pin }
}

describe.each([brew, scoop, docker, npm])('sandbox pins of $format', (driver) => {
  const { format } = driver

  it('are what its driver captures', async () => {
    const { context, registry } = open(driver)
    const newest = recorded(entries()[0], format)

    const captured = await driver.capture({ package: newest, version: sandbox.versions.bad }, context)

    expect(newest.registry).toBe(registry)
    expect(newest.ref).toEqual(captured)
  })

  it('lead to every version that was published', async () => {
    const { context } = open(driver)
    const [newest, ...older] = entries()
    const from = pinned(newest?.version ?? '', recorded(newest, format).ref ?? null)
    const published = older.filter((entry) => recorded(entry, format).ref !== undefined)

    for (const entry of [published[0], published[15], published.at(-1)]) {
      const record = recorded(entry, format)
      const to = pinned(entry?.version ?? '', record.ref ?? null)
      const snapshot = await driver.inspect({ package: record, from, to }, context)

      expect(snapshot.target).toMatchObject({ status: 'present' })
      expect(snapshot.serving).toBe('1.17.0')
    }
  })
})
