import { brew } from '../../../src/registries/brew/driver.ts'
import { aGitPackage } from './git-package.ts'

// One of several processes that roll back at the same time: node roll-back-formula.ts REMOTE FOLDER NAME
const [remote = '', folder = '', name = ''] = process.argv.slice(2)
const draft = await aGitPackage({ driver: brew, remote, folder, name, key: `key-of-${name}` }).rollBack()
process.stdout.write(draft?.title ?? 'nothing to do')
