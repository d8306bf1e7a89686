import type { Files, Platform } from '../../../src/platform/platform.ts'
import type { AnyDriver } from '../../../src/registries/driver.ts'

/** When a process dies: right before or right after it has done something to the world for the `count`th time. */
export interface Death {
  readonly count: number
  readonly moment: 'before' | 'after'
}

/** Everything an engine needs, of a process that can be killed: whatever it was doing then never comes back to it. */
export interface MortalProcess {
  readonly platform: Platform
  readonly driver: AnyDriver
  /** Settles when it dies. */
  readonly died: Promise<void>
  /** From now on it counts what it does. */
  begin(): void
}

/** What all processes of one machine share. */
export interface Machine {
  readonly platform: Platform
  readonly driver: AnyDriver
  /** Of every process there ever was: its id, and whether it lives. */
  readonly lives: Map<number, boolean>
}

/** @param onOperation before each thing it does, with its number from 1 */
export function startProcess(
  { platform, driver, lives }: Machine,
  death: Death | null,
  onOperation: (count: number) => void,
): MortalProcess {
  const pid = 1000 + lives.size
  const grave = Promise.withResolvers<void>()
  let [isDead, done] = [false, Number.NEGATIVE_INFINITY]
  lives.set(pid, true)

  const die = (): void => {
    isDead = true
    lives.set(pid, false)
    grave.resolve()
  }
  async function through<T>(work: () => Promise<T>): Promise<T> {
    if (isDead) return never()
    done += 1
    const isLast = done === death?.count
    onOperation(done)
    if (isLast && death.moment === 'before') die()
    if (isDead) return never()
    try {
      return await work()
    } finally {
      if (isLast) die()
      if (isDead) await never()
    }
  }

  return {
    died: grave.promise,
    begin: () => void (done = 0),
    driver: gateDriver(driver, through),
    platform: {
      ...platform,
      files: gateFiles(platform.files, through),
      clock: { ...platform.clock, sleep: (...args) => unlessDead(platform.clock.sleep(...args), () => isDead) },
      host: {
        ...platform.host,
        pid,
        processStart: (asked) => Promise.resolve(lives.get(asked) === true ? 'started' : undefined),
      },
    },
  }
}

type Gate = <T>(work: () => Promise<T>) => Promise<T>

function gateFiles(files: Files, through: Gate): Files {
  return {
    read: (path) => through(() => files.read(path)),
    readStart: (path, size) => through(() => files.readStart(path, size)),
    list: (path) => through(() => files.list(path)),
    stat: (path) => through(() => files.stat(path)),
    realPath: (path) => through(() => files.realPath(path)),
    makeFolder: (path) => through(() => files.makeFolder(path)),
    replace: (path, bytes) => through(() => files.replace(path, bytes)),
    createExclusive: (path, bytes) => through(() => files.createExclusive(path, bytes)),
    truncate: (path, size) => through(() => files.truncate(path, size)),
    rename: (from, to) => through(() => files.rename(from, to)),
    remove: (path) => through(() => files.remove(path)),
    makeTemporary: (prefix) => through(() => files.makeTemporary(prefix)),
    openAppend: (path) =>
      through(async () => {
        const file = await files.openAppend(path)
        return { append: (bytes) => through(() => file.append(bytes)), close: () => through(() => file.close()) }
      }),
  }
}

function gateDriver(driver: AnyDriver, through: Gate): AnyDriver {
  const operations = Object.entries(driver.operations ?? {}).map(([name, operation]): [string, typeof operation] => [
    name,
    (...args) => through(() => operation(...args)),
  ])
  return {
    ...driver,
    inspect: (...args) => through(() => driver.inspect(...args)),
    operations: Object.fromEntries(operations),
  }
}

async function unlessDead<T>(work: Promise<T>, isDead: () => boolean): Promise<T> {
  try {
    return await work
  } finally {
    if (isDead()) await never()
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}
