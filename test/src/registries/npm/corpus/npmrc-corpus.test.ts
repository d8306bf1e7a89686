import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findNpmAddress } from '../../../../../src/registries/npm/npm-address.ts'
import { readNpmConfig } from '../../../../../src/registries/npmrc/npm-config.ts'
import { findNpmLogin } from '../../../../../src/registries/npm/npm-login.ts'
import { npmTransport } from '../../../../../src/registries/npm/npm-transport.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { platformWith } from '../../../../support/test-platform.ts'
import { npmHomeOf, openNpm, type NpmReading, type ReadingPlace } from './npm-reading.ts'
import { NPMRC_CASES, type NpmrcCase } from './npmrc-corpus.ts'

interface Recording {
  /** The npm that said so. */
  readonly npm: string
  /** `null`: npm refuses it. */
  readonly readings: Readonly<Record<string, NpmReading | null>>
}

const FILE = fileURLToPath(new URL('readings.json', import.meta.url))
const recording = JSON.parse(readFileSync(FILE, 'utf8')) as Recording
const installed = installedNpm()
const isRecording = process.env['BAGBOY_RECORD'] === 'npm'

/** The npm on this machine, when it is npm itself that the path leads to. */
function installedNpm() {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const programs = folders.flatMap((folder) => {
    try {
      return [realpathSync(join(folder, 'npm'))]
    } catch {
      return []
    }
  })
  const home = programs.map(npmHomeOf).find((found) => found !== undefined)
  return home === undefined ? undefined : openNpm(home)
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function placeOf({ project, user = '', global = '', env = {}, files = {}, package: name = 'myapp' }: NpmrcCase) {
  const top = temporaryFolder('npmrc')
  const root = join(top, 'project')
  const fill = (text: string) => text.replaceAll('<root>', root)
  write(join(root, 'package.json'), '{}')
  if (project !== undefined) write(join(root, '.npmrc'), fill(project))
  for (const [path, text] of Object.entries(files)) write(join(root, path), text)
  write(join(top, 'home/.npmrc'), fill(user))
  write(join(top, 'prefix/etc/npmrc'), global)
  write(join(top, 'prefix/bin/node'), '')
  write(join(top, 'prefix/lib/npm/package.json'), '{}')
  write(join(top, 'prefix/lib/npm/bin/npm-cli.js'), '')
  symlinkSync('../lib/npm/bin/npm-cli.js', join(top, 'prefix/bin/npm'))
  const filled = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)]))
  return { root, home: join(top, 'home'), prefix: join(top, 'prefix'), env: filled, package: name }
}

async function ourReading({ root, home, prefix, env, package: name }: ReadingPlace): Promise<NpmReading> {
  const platform = { ...platformWith({ ...env, HOME: home, PATH: join(prefix, 'bin') }) }
  const config = await readNpmConfig({ platform, root, signal: new AbortController().signal, timeoutMs: 1000 })
  const registry = findNpmAddress('npm', name, config, platform.trust).url
  const { login } = findNpmLogin(registry, config)
  const { tls = {}, proxy = {} } = await npmTransport(config, { platform, root, login })
  return {
    registry,
    authorization: login?.authorization ?? null,
    certificate: login?.certificate ? [login.certificate.certFile, login.certificate.keyFile] : null,
    ca: tls.ca?.trim() ?? null,
    isStrict: tls.rejectUnauthorized !== false,
    proxy: proxy.url ?? null,
    except: proxy.except ?? null,
  }
}

/** By value: npm writes an address again, with a slash behind the host. */
function comparable(reading: NpmReading): NpmReading {
  const proxy = reading.proxy === null ? null : new URL(reading.proxy).href
  const registry = new URL(reading.registry).href.replace(/\/$/u, '')
  return { ...reading, registry, proxy, ca: reading.ca?.replaceAll(/\s+/gu, ' ') ?? null }
}

test('the corpus has at least 60 files, each named once', () => {
  const names = new Set(NPMRC_CASES.map(({ name }) => name))

  expect(names.size).toBe(NPMRC_CASES.length)
  expect(names.size).toBeGreaterThanOrEqual(60)
})

test.skipIf(isRecording).each(NPMRC_CASES.filter(({ differs }) => differs === undefined))(
  '$name: it is read as npm reads it',
  async (given) => {
    const ours = await ourReading(placeOf(given)).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
      return null
    })

    expect(ours && comparable(ours)).toEqual(recording.readings[given.name])
  },
)

test.skipIf(isRecording).each(NPMRC_CASES.filter(({ differs }) => differs !== undefined))(
  '$name: it is read otherwise, because $differs',
  async (given) => {
    const ours = await ourReading(placeOf(given)).catch(() => null)

    expect(ours && comparable(ours)).not.toEqual(recording.readings[given.name])
    expect(ours?.authorization ?? null).toBeNull()
  },
)

test.skipIf(installed === undefined || (!isRecording && installed.version !== recording.npm))(
  'npm reads the corpus as it was recorded',
  async () => {
    const readings: Record<string, NpmReading | null> = {}
    for (const given of NPMRC_CASES) {
      const reading = await installed?.read(placeOf(given)).catch(() => null)
      readings[given.name] = reading ? comparable(reading) : null
    }
    if (isRecording) writeFileSync(FILE, `${JSON.stringify({ npm: installed?.version, readings }, null, 2)}\n`)
    else expect(readings).toEqual(recording.readings)
  },
)
