/** Why a key of the traffic screen does nothing right now, or `null` when it is live. All pure. */

import type { DeployCommand } from '../../src/domain/traffic/deploy-plan.ts'
import { refuseCommand } from '../../src/events/apply-command.ts'
import type { AppState } from '../../store/state.ts'
import { noRollback } from '../input/off-reasons.ts'

export const noTraffic = ({ traffic }: AppState): string | null =>
  traffic ? null : 'bagboy.yaml names no balancer (deployment.blue_green.traffic)'

const notOpen = (traffic: AppState['traffic']): string =>
  traffic?.report ? 'no deploy is open' : 'the balancer is not read yet'

const refusalOf = ({ traffic }: AppState, command: DeployCommand): string | null => {
  const deploy = traffic?.deploy
  if (!deploy) return notOpen(traffic)
  return refuseCommand(deploy, command) || null
}

export const noPromotion = (state: AppState): string | null => refusalOf(state, 'promote')
export const noAbort = (state: AppState): string | null => refusalOf(state, 'abort')
export const noForeign = (state: AppState): string | null => refusalOf(state, 'take-theirs')

/** The one key pauses and goes on. */
export const noPauseOfDeploy = (state: AppState): string | null => {
  const resumable = refusalOf(state, 'resume')
  return resumable === null ? null : refusalOf(state, 'pause')
}

export const noTakeUp = ({ traffic }: AppState): string | null => {
  if (!traffic?.deploy || traffic.deploy.result !== null) return notOpen(traffic)
  return traffic.isFollowed || traffic.report?.isWorkedOn === true ? 'it is in progress elsewhere' : null
}

export const noSwitch = (state: AppState): string | null => {
  const deploy = state.traffic?.deploy
  if (deploy && deploy.result === null) return 'a deploy is open'
  if (!state.traffic?.report) return 'the balancer is not read yet'
  return noRollback(state)
}

export const noStages = ({ traffic }: AppState): string | null => (traffic?.deploy ? null : 'no deploy is shown')
