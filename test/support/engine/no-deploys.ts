import type { DeployEngine } from '../../../src/engine/deploy/deploy.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'

const refuse = (): never => {
  throw new BagboyError('TRAFFIC_NOT_CONFIGURED', 'this project names no balancer')
}
const refused = (): Promise<never> =>
  Promise.reject(new BagboyError('TRAFFIC_NOT_CONFIGURED', 'this project names no balancer'))

/** A project without blue-green. */
export const noDeploys: DeployEngine = {
  planDeploy: refused,
  planShift: refused,
  deploy: refuse,
  resumeDeploy: refuse,
  followDeploy: refuse,
  commandDeploy: refused,
  deploys: () => Promise.resolve([]),
  openDeploys: () => Promise.resolve([]),
  readDeploy: refused,
  traffic: refused,
}
