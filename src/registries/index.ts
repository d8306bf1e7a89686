import { brew } from './brew/driver.ts'
import { docker } from './oci/driver.ts'
import type { AnyDriver } from './driver.ts'
import { npm } from './npm/driver.ts'
import { scoop } from './scoop/driver.ts'

/** Every format the program can take back: one line each. */
export const drivers = [docker, npm, brew, scoop] as const satisfies readonly AnyDriver[]
