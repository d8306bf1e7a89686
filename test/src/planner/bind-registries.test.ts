import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { bindRegistries } from '../../../src/planner/bind-registries.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { drivers } from '../../../src/registries/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function bind(entry: string) {
  const root = temporaryFolder('bind')
  const file = join(root, 'bagboy.yaml')
  writeFileSync(file, `name: hello\ndeployment:\n  registries:\n    - ${entry.replaceAll('\n', '\n      ')}\n`)
  const { files } = createNodePlatform()
  return bindRegistries(await loadConfig({ files, file, env: {} }), drivers)
}

test.each([
  [
    'format: docker\nregistry: 127.0.0.1:5000/hello\ntagz: [a]',
    'bagboy.yaml:6:7: unknown key "tagz"; did you mean tags?',
  ],
  ['format: npm\nregistry: https://npm.example.com\ntag: 7', 'bagboy.yaml:6:7: tag is 7; write a text, in quotes: "7"'],
  ['format: dokcer\nregistry: 127.0.0.1:5000/hello', 'bagboy.yaml:4:7: no driver for the format "dokcer"'],
])('the entry %j is refused with its place and what would be right', async (entry, message) => {
  await expect(bind(entry)).rejects.toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
  )
})

test('a registry that stands only in the history gets the defaults of its driver', async () => {
  const registries = await bind('format: docker\nregistry: 127.0.0.1:5000/hello')

  const { driver, options } = registries({ format: 'brew', registry: 'acme/homebrew-tap' })

  expect(driver.format).toBe('brew')
  expect(options).toEqual(driver.options.parse({}))
})
