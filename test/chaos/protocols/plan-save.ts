import { join } from 'node:path'
import { readPlanFile, writePlanFile } from '../../../src/cli/requests/plan-file.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { aPlan } from '../../support/builders/a-plan.ts'
import { complaintOf, type Protocol } from './protocol.ts'

const FILE = 'plan.json'
const platformWith = (files: Files) => ({ ...createNodePlatform(), files })

/** Over a plan that was saved before. */
export const planSave: Protocol = {
  name: 'plan save',
  async prepare(files, folder) {
    await writePlanFile(platformWith(files), folder, FILE, aPlan({ reason: 'old' }))
  },
  async act(files, folder, acknowledge) {
    await writePlanFile(platformWith(files), folder, FILE, aPlan({ reason: 'new' }))
    acknowledge('new')
  },
  check: (files, folder, acknowledged) =>
    complaintOf('reading the plan', async () => {
      const { reason } = await readPlanFile(platformWith(files), folder, FILE)
      const allowed = acknowledged.includes('new') ? ['new'] : ['old', 'new']
      return allowed.includes(reason) ? [] : [`${join(folder, FILE)} holds the ${reason} plan`]
    }),
}
