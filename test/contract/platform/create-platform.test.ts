import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'

const SOURCE = new URL('../../../src/platform/node/create-platform.ts', import.meta.url).href

describe('the Node platform', () => {
  it('loads nothing heavy before it is used', () => {
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) })
      const { createNodePlatform } = await import(${JSON.stringify(SOURCE)})
      createNodePlatform()
      console.log(JSON.stringify(loaded))`

    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })

    expect(stderr).toBe('')
    const loaded: readonly string[] = JSON.parse(stdout)
    expect(loaded).toContain('./http/http.ts')
    // p-queue has no dependencies, and loads in a few milliseconds.
    expect(loaded.filter((name) => !name.startsWith('.') && !name.startsWith('node:'))).toEqual([SOURCE, 'p-queue'])
  })

  it('tells a process from another one with the same id', async () => {
    const { host } = createNodePlatform()
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')

    const [own, again] = [await host.processStart(host.pid), await host.processStart(process.pid)]
    const other = await host.processStart(child.pid ?? 0)
    child.kill('SIGKILL')
    await once(child, 'exit')

    expect(own).toMatch(/^\d+$/u)
    expect(again).toBe(own)
    expect(Number(other)).toBeGreaterThan(Number(own))
    expect(await host.processStart(child.pid ?? 0)).toBeUndefined()
  })

  it('calls a process dead that nobody has collected', async () => {
    const { host } = createNodePlatform()
    const script = 'sh -c "echo \\$\\$; exit 0" & exec sleep 60'
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line]: readonly Buffer[] = await once(parent.stdout, 'data')
    const pid = Number(String(line))

    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), { timeout: 5000 }).toContain(') Z ')
    const start = await host.processStart(pid)
    parent.kill('SIGKILL')

    expect(start).toBeUndefined()
  })

  it('knows this boot and this user', () => {
    const { host } = createNodePlatform()

    expect(host.bootId).toMatch(/^[0-9a-f-]{36}$/u)
    expect(host.pidSpace).toMatch(/^pid:\[\d+\]$/u)
    expect([host.name, host.user].every((name) => name.length > 0)).toBe(true)
  })

  it("sleeps until its time has come or with the signal's reason", async () => {
    const { clock } = createNodePlatform()
    const [abort, reason] = [new AbortController(), new Error('enough')]
    const start = clock.elapsedMs()

    await clock.sleep(50)
    const elapsedMs = clock.elapsedMs() - start
    const endless = clock.sleep(2 ** 40, abort.signal)
    abort.abort(reason)

    expect(elapsedMs).toBeGreaterThanOrEqual(49)
    await expect(endless).rejects.toBe(reason)
    await expect(clock.sleep(1, abort.signal)).rejects.toBe(reason)
    expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u)
  })

  it('does not stay alive for a sleep in the background', () => {
    const script = `
      import { createNodePlatform } from ${JSON.stringify(SOURCE)}
      createNodePlatform().clock.sleep(600_000, undefined, { isBackground: true })`

    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })

    expect(status).toBe(0)
  })

  it('draws numbers below one and as many digits as were asked for', () => {
    const { random } = createNodePlatform()

    const numbers = Array.from({ length: 1000 }, () => random.next())

    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(new Set(numbers).size).toBe(1000)
    expect(random.hex(8)).toMatch(/^[0-9a-f]{16}$/u)
  })
})
