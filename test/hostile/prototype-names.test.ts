import { describe, expect, test } from 'vitest'
import { sameJson } from '../../src/domain/text/json.ts'
import { own } from '../../src/domain/text/own.ts'
import { comparePointer } from '../../src/engine/rollback/step/pointer-state.ts'
import { fillSecrets } from '../../src/platform/fill-secrets.ts'
import { layerOfText } from '../../src/registries/npmrc/npm-layer.ts'
import { readYaml } from '../../src/yaml/read-yaml.ts'
import { openNpmRegistry } from '../support/registries/npm-session.ts'
import { platformWith } from '../support/test-platform.ts'

/** What every object seems to hold. Some of them are names of packages on npm. */
const MEMBERS = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__')

test.each(MEMBERS)('%s is found in a record only when it was put there', (name) => {
  expect(own({}, name)).toBeUndefined()
  expect(own(undefined, name)).toBeUndefined()
  expect(own({ [name]: 'x' }, name)).toBe('x')
})

describe.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'])('npm knows %s', (name) => {
  test('as a package like any other, alone and in a set', async () => {
    const { publish, session, latest } = await openNpmRegistry()
    for (const version of ['1.2.0', '1.3.0']) {
      publish('myapp', version)
      publish(name, version)
    }
    for (const options of [{ package: name }, { packages: [name] }]) {
      const { inspect, draft, execute } = session({ options })
      const before = await inspect()
      const step = draft(before)
      await execute(step.actions, before.pointer)

      expect(before).toMatchObject({ serving: '1.3.0', target: { status: 'present' } })
      expect([latest(name), (await inspect()).serving]).toEqual(['1.2.0', '1.2.0'])
      await execute(step.undo, step.want)
    }
  })

  test('as a package and as a dist-tag that are not there', async () => {
    const { publish, session } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')

    const { serving, pointer } = await session({ options: { tag: name } }).inspect()
    const missing = await session({ options: { package: name } })
      .inspect()
      .catch((error: Error) => error.message)

    expect(serving).toBeNull()
    expect(pointer).toMatchObject({ myapp: { tags: { [name]: null } } })
    expect(missing).toContain(`has no package ${name}`)
  })
})

test.each(MEMBERS)('%s is a key of YAML, a variable and a part of a pointer like others', async (name) => {
  const { problem, ...reading } = readYaml(`${name}: "1"\n`, { maxBytes: 1000, numbers: 'exact', aliasNodes: 0 })

  expect(problem).toBeUndefined()
  expect(sameJson('data' in reading ? reading.data : null, { [name]: '1' })).toBe(true)
  expect(layerOfText(`a=\${${name}}`, { env: {}, home: '/h', folder: '/f' }).get('a')?.missing).toEqual([name])
  await expect(fillSecrets(`\${env:${name}}`, platformWith({}))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(comparePointer({ [name]: 'a' }, {}, { b: 'b' })).toBe('other')
})
