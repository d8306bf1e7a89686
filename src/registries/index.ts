import { brew } from './brew.ts'
import { docker } from './docker.ts'
import type { AnyDriver } from './driver.ts'
import { npm } from './npm.ts'
import { scoop } from './scoop.ts'

/** Every format the program can take back: one line each. */
export const drivers = [docker, npm, brew, scoop] as const satisfies readonly AnyDriver[]
