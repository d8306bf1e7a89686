import { describe, expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { diskError, faultyFileSystem, type FaultyFileSystem } from '../../support/faulty-file-system.ts'
import { printFigure } from '../../support/servers/print-figure.ts'
import { PROTOCOLS } from '../protocols/index.ts'
import { preparedFolders, type Protocol } from '../protocols/protocol.ts'
import { isExhaustive, SEED } from '../../support/effort.ts'

const CODES = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'] as const
/** Without `BAGBOY_CHAOS=all` every call in so many fails. */
const STEP = isExhaustive ? 1 : 11
/** `once`: one call fails, and the disk is well again. `from then on`: it stays as it is. */
const LASTING = ['once', 'from then on'] as const
/** What each error must tell its reader to do about it. */
const REMEDY = {
  ENOSPC: /Free space.*df -h/u,
  EIO: /faults.*copy/u,
  EROFS: /read-only.*findmnt/u,
  EDQUOT: /quota/u,
} as const
/** A full or read-only disk still reads. */
const READS = new Set(['lstat', 'readdir', 'readFile', 'close', 'stat'])

interface Failing {
  readonly failAt: number
  readonly code: (typeof CODES)[number]
  readonly lasting: (typeof LASTING)[number]
}

function failingDisk({ failAt, code, lasting }: Failing): FaultyFileSystem {
  if (lasting === 'once') return faultyFileSystem({ failAt, code })
  let count = -1
  return faultyFileSystem({
    before: async (call) => {
      count += 1
      if (count >= failAt && !READS.has(call)) throw diskError(code, call)
    },
  })
}

/** @returns how it ended and what is not as it must be; `null` when there is no such call any more */
async function tryCall(
  protocol: Protocol,
  folder: string,
  failing: Failing,
): Promise<{ readonly wrong: readonly string[] } | null> {
  const { system, calls } = failingDisk(failing)
  const acknowledged: string[] = []
  const thrown: unknown = await protocol
    .act(createNodeFiles(system), folder, (fact) => void acknowledged.push(fact))
    .then(
      () => undefined,
      (error: unknown) => error,
    )
  if (calls.length <= failing.failAt) return null
  const wrong = await protocol.check(createNodeFiles(), folder, acknowledged)
  return { wrong: [...wrong, ...complain(thrown, failing)] }
}

/** Whatever reaches the operator has the code of the disk, and says what to do. */
function complain(thrown: unknown, { code }: Failing): readonly string[] {
  if (thrown === undefined) return []
  const error = thrown instanceof BagboyError ? thrown : undefined
  if (error?.code !== 'DISK') return [`it threw ${thrown instanceof Error ? thrown.message : typeof thrown}`]
  return REMEDY[code].test(error.hint ?? '') ? [] : [`its hint is ${error.hint}`]
}

describe.each(PROTOCOLS)('a disk that fails at any call of: $name', (protocol) => {
  test.each(CODES)(
    'costs nothing that was acknowledged and leaves nothing half done: %s',
    { timeout: 600_000 },
    async (code) => {
      const newFolder = await preparedFolders(protocol)
      let callCount = 0

      for (const lasting of LASTING) {
        for (let failAt = (SEED + CODES.indexOf(code)) % STEP; ; failAt += STEP) {
          const tried = await tryCall(protocol, newFolder(), { failAt, code, lasting })
          if (!tried) break
          callCount += 1
          expect(tried.wrong, `${code} ${lasting} at call ${failAt}`).toEqual([])
        }
      }

      expect(callCount).toBeGreaterThan(16 / STEP)
      printFigure('4 (F05)', `${protocol.name}: ${code} at each of ${callCount} calls, nothing lost`)
    },
  )
})
