import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import type { LockStorage } from '../../../src/lock/lock-storage.ts'
import { openLockRemote } from '../../../src/lock/lock-remote.ts'

// A process of its own that takes locks as it is told, a line each: `acquire <place>`, `release <place>`,
// `break <place>`, `assert <place>`; a place is a folder, or `git:<folder of a bare repository>`. Answers with a line each: `held <epoch>`, …, or the code of an error.
const platform = createNodePlatform()
const held = new Map<string, Awaited<ReturnType<ReturnType<typeof createLockStore>['acquire']>>>()

const stores = new Map<string, LockStorage>()

function openPlace(name: string): LockStorage {
  if (!name.startsWith('git:')) return openLockFolder(platform.files, name)
  const remote = name.slice('git:'.length)
  const cacheFolder = `${remote}.cache-${process.pid}`
  return openLockRemote({ platform, root: '/', cacheFolder, remote, refPrefix: 'refs/bagboy/lock' })
}

async function obey(line: string): Promise<string> {
  const [command = '', folder = ''] = line.split(' ')
  const storage = stores.get(folder) ?? openPlace(folder)
  stores.set(folder, storage)
  const store = createLockStore({ platform, storage, ttlMs: 60_000, heartbeatMs: 1000 })
  switch (command) {
    case 'acquire': {
      const lock = await store.acquire({ run: 'R', purpose: 'test', who: `contender ${process.pid}` })
      held.set(folder, lock)
      return `held ${lock.epoch}`
    }
    case 'assert':
      await held.get(folder)?.assertHeld()
      return 'ours'
    case 'break': {
      const { epoch } = await store.status()
      await store.break(epoch, { who: `contender ${process.pid}`, reason: 'test' })
      return `broken ${epoch}`
    }
    case 'release':
      await held.get(folder)?.release()
      return 'released'
    default:
      return `unknown command ${command}`
  }
}

let rest = ''
process.stdin.on('data', (chunk) => {
  const lines = (rest + String(chunk)).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    void obey(line)
      .catch((error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)))
      .then((answer) => process.stdout.write(`${answer}\n`))
  }
})
process.stdin.on('end', () => process.exit(0))
process.stdout.write('ready\n')
