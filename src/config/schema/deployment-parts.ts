import type { z } from 'zod'
import type { blueGreen } from './blue-green.ts'
import type { analysis, healthCheck } from './health.ts'
import type { registries } from './operations.ts'
import type { rollback } from './rollback.ts'

/** The parts of the block in which one key names what another defines. */
export interface DeploymentParts {
  readonly blue_green?: z.infer<typeof blueGreen> | undefined
  readonly analysis?: z.infer<typeof analysis> | undefined
  readonly health_checks: readonly z.infer<typeof healthCheck>[]
  readonly rollback: z.infer<typeof rollback>
  readonly registries: z.infer<typeof registries>
}
