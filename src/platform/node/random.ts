import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../platform.ts'

const RESOLUTION = 2 ** 47

export function createNodeRandom(): Random {
  return {
    next: () => randomInt(RESOLUTION) / RESOLUTION,
    hex: (byteCount) => randomBytes(byteCount).toString('hex'),
  }
}
