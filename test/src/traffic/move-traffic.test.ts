import { describe, expect, test } from 'vitest'
import { allTo } from '../../../src/domain/traffic/traffic.ts'
import { BagboyError, toErrorReport } from '../../../src/errors/bagboy-error.ts'
import type { ErrorCode } from '../../../src/errors/codes.ts'
import { moveTraffic } from '../../../src/traffic/move-traffic.ts'
import type { TrafficContext } from '../../../src/traffic/provider.ts'
import { eagerPlatform } from '../../support/clocks/eager-platform.ts'
import { createMemoryBalancer, type MemoryBalancer } from '../../support/servers/memory-provider.ts'

const HALF = { blue: 50, green: 50 }

function move({ provider }: MemoryBalancer, split = HALF, ifMatch: string | null = null, signal?: AbortSignal) {
  const context: TrafficContext<unknown> = {
    platform: eagerPlatform(),
    root: '/project',
    options: {},
    timeoutMs: 1000,
    signal: signal ?? new AbortController().signal,
  }
  return moveTraffic(provider, { split, ifMatch, proveWithinMs: 5000 }, context)
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'resolved',
    (error: unknown) => toErrorReport(error).code,
  )
}

function fails(code: ErrorCode): never {
  throw new BagboyError(code, 'as scripted')
}

describe('a move', () => {
  test('is proved by two reads that agree', async () => {
    const balancer = createMemoryBalancer()

    const outcome = await move(balancer)

    expect(outcome).toMatchObject({ status: 'moved', before: { split: allTo('blue') }, after: { split: HALF } })
    // Before, right before the write, and twice behind it.
    expect(balancer.lookCount).toBe(4)
  })

  test('begins to count again when a read does not agree', async () => {
    const balancer = createMemoryBalancer()
    balancer.onLook = (count) => {
      if (count === 4) balancer.isApplied = false
      if (count === 6) balancer.isApplied = true
    }

    await move(balancer)

    expect(balancer.lookCount).toBe(7)
  })

  test('that a provider takes and never does is not proved, however long it takes', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = () => false

    const error: unknown = await move(balancer).catch((reason: unknown) => reason)

    expect(error).toMatchObject({
      code: 'READBACK_DISAGREES',
      message: expect.stringMatching(/within 5000 ms: wanted blue 50 %, green 50 %, read still blue 100 %, green 0 %/u),
      details: { found: allTo('blue') },
    })
  })

  test('whose answer was lost is done all the same, and says so', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = (split) => {
      balancer.weights = split
      return fails('REGISTRY_TIMEOUT')
    }

    const outcome = await move(balancer)

    expect(outcome).toMatchObject({ status: 'moved', after: { split: HALF }, error: { code: 'REGISTRY_TIMEOUT' } })
  })

  test('that was refused ends with the refusal at once', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = () => fails('REGISTRY_REJECTED')

    expect(await codeOf(move(balancer))).toBe('REGISTRY_REJECTED')
    expect(balancer.lookCount).toBe(3)
  })

  test('that was refused half-way is no refusal: something of it stands', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = () => {
      balancer.weights = { blue: 67, green: 33 }
      return fails('REGISTRY_REJECTED')
    }

    await expect(move(balancer)).rejects.toMatchObject({
      code: 'READBACK_DISAGREES',
      message: expect.stringMatching(/wanted blue 50 %, green 50 %, read blue 67 %, green 33 % \(as scripted\)$/u),
      details: { found: { blue: 67, green: 33 } },
    })
  })

  test('that was cut off half-way is worth another try', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = () => {
      balancer.weights = { blue: 67, green: 33 }
      return fails('REGISTRY_TIMEOUT')
    }

    expect(await codeOf(move(balancer))).toBe('REGISTRY_TIMEOUT')
  })

  test('waits for a provider that is away while it restarts', async () => {
    const balancer = createMemoryBalancer()
    balancer.onLook = (count) => {
      if (count > 2 && count < 6) fails('REGISTRY_UNREACHABLE')
    }

    expect((await move(balancer)).after.split).toEqual(HALF)
  })

  test('says that a provider which stays away is away', async () => {
    const balancer = createMemoryBalancer()
    balancer.onLook = (count) => {
      if (count > 2) fails('REGISTRY_UNREACHABLE')
    }

    expect(await codeOf(move(balancer))).toBe('REGISTRY_UNREACHABLE')
  })

  test('that somebody else turns elsewhere meanwhile is a conflict, and is left as they made it', async () => {
    const balancer = createMemoryBalancer()
    balancer.onLook = (count) => {
      if (count === 3) balancer.weights = { blue: 20, green: 80 }
    }

    expect(await codeOf(move(balancer))).toBe('REGISTRY_CONFLICT')
    expect(balancer.weights).toEqual({ blue: 20, green: 80 })
    expect(balancer.writes).toEqual([HALF])
  })

  test('that somebody else changes between our two looks is not written', async () => {
    const balancer = createMemoryBalancer()
    balancer.onLook = (count) => {
      if (count === 2) balancer.version += 1
    }

    expect(await codeOf(move(balancer))).toBe('REGISTRY_CONFLICT')
    expect(balancer.writes).toEqual([])
  })

  test('that somebody else has made already is not made again', async () => {
    const balancer = createMemoryBalancer()
    balancer.weights = HALF

    expect(await move(balancer, HALF, 'r0')).toMatchObject({ status: 'already', error: null })
    expect(balancer.writes).toEqual([])
  })

  test('is written once more where the split is right and something was left to do', async () => {
    const balancer = createMemoryBalancer()
    balancer.isComplete = false

    expect((await move(balancer, allTo('blue'))).after.split).toEqual(allTo('blue'))
    expect(balancer.writes).toEqual([allTo('blue')])
  })

  test.each(['LOCK_LOST', 'LOCK_UNSURE', 'CONFIG_INVALID'] as const)(
    'ends with %s without another look',
    async (code) => {
      const balancer = createMemoryBalancer()
      balancer.onWrite = () => fails(code)

      expect(await codeOf(move(balancer))).toBe(code)
      expect(balancer.lookCount).toBe(2)
    },
  )

  test('ends with the reason it was aborted with', async () => {
    const balancer = createMemoryBalancer()
    const controller = new AbortController()
    const reason = new Error('the operator stopped it')
    balancer.onWrite = () => false
    balancer.onLook = (count) => {
      if (count === 4) controller.abort(reason)
    }

    await expect(move(balancer, HALF, null, controller.signal)).rejects.toBe(reason)
  })
})

describe('a write', () => {
  const context = { platform: eagerPlatform(), root: '/', options: {}, timeoutMs: 1, signal: AbortSignal.any([]) }

  test('goes through a refusal that was not about anything of ours', async () => {
    const balancer = createMemoryBalancer()
    balancer.onWrite = () => balancer.writes.length > 1 || fails('REGISTRY_CONFLICT')

    await balancer.provider.write(HALF, 'r1', context)

    expect(balancer.weights).toEqual(HALF)
    expect(balancer.writes).toEqual([HALF, HALF])
  })

  test('of a share is refused where there is all or nothing', async () => {
    const balancer = createMemoryBalancer()
    balancer.weighted = false

    expect(await codeOf(balancer.provider.write(HALF, null, context))).toBe('REGISTRY_REJECTED')
    expect(await codeOf(balancer.provider.write(allTo('green'), null, context))).toBe('resolved')
  })

  test.each([
    ['down', 'REGISTRY_REJECTED'],
    ['stopped', 'REGISTRY_REJECTED'],
    ['unresolved', 'REGISTRY_REJECTED'],
    ['unknown', 'resolved'],
    ['up', 'resolved'],
  ] as const)('for a slot that is %s is %s', async (state, code) => {
    const balancer = createMemoryBalancer()
    balancer.states = { blue: 'up', green: state }

    expect(await codeOf(balancer.provider.write(HALF, null, context))).toBe(code)
  })

  test('may take requests away from a slot that is down', async () => {
    const balancer = createMemoryBalancer()
    balancer.weights = HALF
    balancer.states = { blue: 'up', green: 'down' }

    expect(await codeOf(balancer.provider.write(allTo('blue'), null, context))).toBe('resolved')
  })
})
