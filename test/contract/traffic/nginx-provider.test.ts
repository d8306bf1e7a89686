import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { allTo } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { moveTraffic } from '../../../src/traffic/move-traffic.ts'
import { nginx } from '../../../src/traffic/nginx/provider.ts'
import type { TrafficContext } from '../../../src/traffic/provider.ts'
import { createCommandSwitch } from '../../support/servers/command-switch.ts'
import { missingNginx, startNginx } from '../../support/servers/real/nginx.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'

const missing = missingNginx()
const ALL_BLUE = { blue: 10, green: 0 }

async function start() {
  const services = await startSlotServices()
  const server = await startNginx({ hosts: services.hosts, divides: 'upstream' })
  const program = createCommandSwitch('nginx', server.words().join(' '))
  onTestFinished(async () => {
    await server.close()
    await services.close()
  })
  const options = {
    include: server.include,
    probe: server.probe,
    upstream: 'app',
    servers: services.hosts,
    test: [program.file, '-t'],
    reload: [program.file, '-s', 'reload'],
  }
  const text = (): string => readFileSync(server.include, 'utf8')
  return { server, program, options, text }
}

function contextFor(
  options: Readonly<Record<string, unknown>>,
  platform: Platform = createNodePlatform(),
): TrafficContext<unknown> {
  return {
    platform,
    root: '/',
    options: nginx.options.parse(options),
    timeoutMs: 5000,
    signal: new AbortController().signal,
  }
}

function moveAll(options: Readonly<Record<string, unknown>>, slot: 'blue' | 'green', platform?: Platform) {
  const request = { split: allTo(slot), ifMatch: null, proveWithinMs: 5000 }
  return moveTraffic(nginx, request, contextFor(options, platform))
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

describe.skipIf(missing)(`nginx ${missing ?? ''}`, () => {
  test('takes up a file a person wrote with the first move, and leaves the rest of it as it was', async () => {
    const { options, text, server } = await start()
    const [before, first] = [text(), await nginx.read(contextFor(options))]

    const { after } = await moveAll(options, 'green')

    expect(first).toMatchObject({ split: allTo('blue'), isApplied: false })
    expect(first.warnings).toEqual([expect.stringMatching(/nothing proves which weights nginx runs/u)])
    expect(after).toMatchObject({ split: allTo('green'), isApplied: true, warnings: [] })
    expect(text()).toContain('down max_fails=0; # the old one')
    expect(text().split('\n').length).toBe(before.split('\n').length)
    expect(await countAnswers(server.url, 10)).toEqual({ blue: 0, green: 10 })
  })

  test('puts the old text back when nginx refuses the new one', async () => {
    const { options, program, text, server } = await start()
    await moveAll(options, 'blue')
    const before = text()
    // The first test passes; then somebody breaks another file.
    program.intercept('*-t', `if grep -q 'green=100' ${server.include}; then echo "nginx: [emerg] bad" >&2; exit 1; fi`)

    const error = await errorOf(moveAll(options, 'green'))

    expect(error).toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringMatching(/\[emerg\] bad/u),
      hint: expect.stringMatching(/Correct the configuration/u),
    })
    expect(text()).toBe(before)
    expect(program.calls().filter((call) => call.includes('reload'))).toHaveLength(1)
    expect(await countAnswers(server.url, 10)).toEqual(ALL_BLUE)
  })

  test('puts the old text back when nginx cannot be told to reload', async () => {
    const { options, program, text, server } = await start()
    await moveAll(options, 'blue')
    const before = text()
    program.intercept('*reload', 'exit 1')

    const error = await errorOf(moveAll(options, 'green'))

    expect(error).toMatchObject({ code: 'REGISTRY_REJECTED' })
    expect(text()).toBe(before)
    expect(await nginx.read(contextFor(options))).toMatchObject({ split: allTo('blue'), isApplied: true })
    expect(await countAnswers(server.url, 10)).toEqual(ALL_BLUE)
  })

  test('does not write over what somebody wrote while the configuration was tested', async () => {
    const { options, program, text, server } = await start()
    await moveAll(options, 'blue')
    program.intercept('*-t', `echo "# mine" >> ${server.include}`)

    const error = await errorOf(moveAll(options, 'green'))

    expect(error).toMatchObject({ code: 'REGISTRY_CONFLICT' })
    expect(text()).toMatch(/# mine\n$/u)
    expect(text()).not.toContain('green=100')
  })

  test('is brought to what was wanted after it was killed between the file and the reload', async () => {
    const { options, server } = await start()
    await moveAll(options, 'blue')
    const { exec, ...platform } = createNodePlatform()
    const dying: Platform = {
      ...platform,
      exec: (request, signal) =>
        request.args.includes('reload') ? Promise.reject(new Error('killed here')) : exec(request, signal),
    }
    await errorOf(moveAll(options, 'green', dying))
    const found = await nginx.read(contextFor(options))

    const { after } = await moveAll(options, 'green')

    expect(found).toMatchObject({ split: allTo('blue'), isApplied: false })
    expect(found.warnings).toEqual([expect.stringMatching(/was not reloaded/u)])
    expect(after).toMatchObject({ split: allTo('green'), isApplied: true })
    expect(await countAnswers(server.url, 10)).toEqual({ blue: 0, green: 10 })
  })

  test('says that the location that is probed does not name what nginx runs', async () => {
    const { options } = await start()
    await moveAll(options, 'blue')

    const { isApplied, warnings } = await nginx.read(contextFor({ ...options, header: 'x-other' }))

    expect(isApplied).toBe(false)
    expect(warnings).toEqual([expect.stringMatching(/add the marker header/u)])
  })

  test.each([
    ['', /is not a whole nginx configuration|no upstream block/u],
    ['upstream app {', /not a whole nginx configuration/u],
  ])('names the file that holds %j', async (content, problem) => {
    const { options, server } = await start()
    writeFileSync(server.include, content)

    const error = await errorOf(nginx.read(contextFor(options)))

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(problem) })
    expect(String(error)).toContain(server.include)
  })
})
