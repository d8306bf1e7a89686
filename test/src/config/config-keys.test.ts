import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { blockConfig } from '../../../src/config/block-config.ts'
import { INERT_KEYS } from '../../../src/config/inert-keys.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { deploymentBlock } from '../../../src/config/schema/deployment.ts'
import type { Json } from '../../../src/domain/text/json.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { readYaml } from '../../../src/yaml/read-yaml.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const load = (text: string) => {
  const file = join(temporaryFolder('keys'), 'bagboy.yaml')
  writeFileSync(file, text)
  return loadConfig({ files: createNodeFiles(), file, env: {} })
}

/** A value for each key that is refused; every one would be understood by a version that acts on it. */
const REFUSED: readonly (readonly [key: string, text: string])[] = [
  ['windows', 'windows: [{ kind: deny, schedule: "0 18 * * 5", duration: 62h }]'],
  ['access', 'access: { identity: [git] }'],
  ['hooks', 'hooks: { pre_rollback: [{ run: ./drain.sh }] }'],
  ['alerts', 'alerts: { channels: {} }'],
  ['audit', 'audit: { file: .bagboy/audit.jsonl }'],
  ['metrics.export', 'metrics: { export: [{ type: prometheus, listen: "127.0.0.1:9464" }] }'],
  ['rollback.order', 'rollback: { order: [traffic, docker] }'],
  ['blue_green.keep_previous_revisions', 'blue_green: { keep_previous_revisions: 2 }'],
]

/** Keys whose only value says what is so anyway: the schema refuses any other. */
const FIXED = ['rollback.auto_trigger.health_check_failures.source']

describe('a key of the deployment block', () => {
  test('is read into the configuration, or listed as inert or as refused', () => {
    const listed = new Set([...INERT_KEYS.map((path) => path.join('.')), ...REFUSED.map(([key]) => key), ...FIXED])
    const read = readKeys()

    const forgotten = schemaKeys(deploymentBlock).filter((key) => {
      const isListed = [...listed].some((one) => key === one || key.startsWith(`${one}.`))
      return !isListed && !read.has(key)
    })

    expect(forgotten).toEqual([])
    expect([...read].filter((key) => listed.has(key))).toEqual([])
  })

  test('that the configuration holds is used outside of it', async () => {
    const config = await load(readFileSync('src/config/example.yaml', 'utf8'))
    const text = sourceFiles('src', 'store', 'components')
      .filter(({ path }) => !path.startsWith('src/config/'))
      .map((source) => source.text)
      .join('\n')

    const unused = fieldNames(config).filter((name) => !new RegExp(`\\b${name}\\b`, 'u').test(text))

    expect(unused).toEqual([])
  })

  test.each(REFUSED)('%s is refused at its place, because nothing acts on it', async (key, text) => {
    const error: unknown = await load(`deployment:\n  ${text}\n`).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
    const name = key.split('.').at(-1) ?? ''
    expect(String(error)).toContain(
      `bagboy.yaml:2:${2 + text.indexOf(name) + 1}: ${name} is not supported yet; remove it`,
    )
  })

  test.each([
    ['strategy', 'strategy: blue-green'],
    ['history.protect', 'history: { protect: [active] }'],
    ['history.capture', 'history: { capture: true }'],
    ['rollback.reissue', 'rollback: { reissue: { enabled: false } }'],
  ])('%s is valid and named as not acted on', async (key, text) => {
    const { inert } = await load(`deployment:\n  ${text}\n`)

    const column = 2 + text.indexOf(key.split('.').at(-1) ?? '') + 1
    expect(inert).toEqual([`bagboy.yaml:2:${column}: ${key} is not acted on by this version`])
  })
})

/** Every key that `blockConfig` asks the parsed example for; list items and free names count as one. */
function readKeys(): ReadonlySet<string> {
  const read = new Set<string>()
  const reading = readYaml(readFileSync('src/config/example.yaml', 'utf8'), {
    maxBytes: 1e6,
    numbers: 'yaml',
    aliasNodes: 1000,
  })
  if ('problem' in reading && reading.problem) throw new Error(reading.problem.wrong)
  const example = (reading.data as { readonly deployment: object }).deployment
  const texts = [
    {},
    {
      health_checks: [
        { command: 'x -y', shell: false },
        { tcp: 'db:1' },
        { url: 'http://x', body: 'x', fresh_connection: true },
      ],
    },
    { lock: { backend: 'git', remote: '/srv/lock.git' } },
    { metrics: { sources: { prom: { type: 'datadog', api_key: '${env:A}', app_key: '${env:B}' } } } },
    { rollback: { auto_trigger: [{ health_check_failures: { max: 3 } }, { response_time_threshold: { max: '2s' } }] } },
    { rollback: { validation: { run_smoke_tests: { url: 'http://x' } } } },
    { blue_green: { deploy: { command: ['./deploy.sh'] } } },
  ] as const
  for (const more of texts) {
    const given = { ...example, ...more }
    const block = deploymentBlock.parse(
      'metrics' in more ? { ...given, analysis: undefined, rollback: {}, blue_green: undefined } : given,
    )
    blockConfig(recorded(block, '', read), { root: '/', locationsUnder: () => () => '' })
  }
  return read
}

function recorded<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver)
      if (typeof key !== 'string') return found
      const at = Array.isArray(target) ? path : pathOf(path, key)
      if (!Array.isArray(target)) read.add(at)
      return found !== null && typeof found === 'object' ? recorded(found, at, read) : found
    },
  })
}

/** Every key a schema has, through lists, choices and free names. */
function schemaKeys(schema: z.core.$ZodType, path = ''): readonly string[] {
  const { def } = schema as unknown as { readonly def: Definition }
  const below = (inner: z.core.$ZodType | undefined) => (inner ? schemaKeys(inner, path) : [])
  if (def.shape) {
    return Object.entries(def.shape).flatMap(([key, inner]) => {
      const at = pathOf(path, key)
      return [at, ...schemaKeys(inner, at)]
    })
  }
  if (def.valueType) return schemaKeys(def.valueType, `${path}.*`)
  return [...new Set([def.element, def.innerType, def.in, ...(def.options ?? [])].flatMap(below))]
}

/** Names that the file gives itself count as one. */
function pathOf(path: string, key: string): string {
  if (path === 'metrics.sources') return 'metrics.sources.*'
  return path === '' ? key : `${path}.${key}`
}

interface Definition {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
}

/** Names of all fields of a value; maps with free names are left out. */
function fieldNames(value: unknown): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(fieldNames))]
  if (value === null || typeof value !== 'object') return []
  const names = Object.entries(value as Readonly<Record<string, Json>>).flatMap(([key, inner]) =>
    key === 'options' || key === 'headers' ? [key] : [key, ...fieldNames(inner)],
  )
  return [...new Set(names)]
}
