import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { openDockerRegistry, pinned } from '../../../support/registries/docker-session.ts'

describe('a registry that redirects the write of a tag', () => {
  async function aRedirect(status: number, locationOf: (host: string) => string, path = /latest$/u) {
    const { push, session, proxy, tags } = await openDockerRegistry()
    const [old, bad] = [push('old', ['1.2.0']), push('bad', ['1.3.0', 'latest'])]
    const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
    const before = await inspect()
    const step = draft(before)
    const headers = { location: locationOf(proxy.host) }
    proxy.inject({ kind: 'status', applied: false, status, headers, method: 'PUT', path })
    let fenceCount = 0
    const fence = async () => {
      fenceCount += 1
      return () => undefined
    }
    const failure = await execute(step.actions, before.pointer, { fence }).then(() => undefined, toErrorReport)
    return { failure, fenceCount, host: proxy.host, led: tags()['latest'], old: old.digest, bad: bad.digest }
  }

  test.each([307, 308])('is followed on its own origin (%i), and asked for twice', async (status) => {
    const { failure, led, old, fenceCount } = await aRedirect(status, () => '/v2/team/app/manifests/latest?moved=1')

    expect([failure, led]).toEqual([undefined, old])
    expect(fenceCount).toBe(2)
  })

  test.each([
    ['by a status that is none of a write', 302, /latest$/u, ''],
    ['again and again', 307, /latest/u, ''],
    ['with a login in the address', 307, /latest$/u, 'other:s3cret@'],
  ])('is refused %s, without the advice to name the registry', async (_what, status, path, login) => {
    const target = (host: string): string => `http://${login}${host}/v2/team/app/manifests/latest?moved=1`
    const { failure, led, bad, host } = await aRedirect(status, target, path)

    expect(led).toBe(bad)
    expect(failure).toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringContaining(`answered ${status} while pointing tag latest`) as string,
      hint: expect.stringContaining(`Ask the operator of ${host}/team/app`) as string,
    })
    expect(JSON.stringify(failure)).not.toContain('s3cret')
  })

  test('is refused to another origin, which is named', async () => {
    const { failure, led, bad } = await aRedirect(307, () => 'http://127.0.0.1:9/v2/team/app/manifests/latest')

    expect(led).toBe(bad)
    expect(failure).toMatchObject({
      code: 'REGISTRY_REJECTED',
      hint: 'If that is the registry, name it in bagboy.yaml: registry: 127.0.0.1:9/team/app',
    })
  })
})
