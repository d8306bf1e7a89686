import { refuseCommand } from '../../src/events/apply-command.ts'
import { cursorOf } from '../../store/selectors.ts'
import { stageEvidence } from './stage-lines.ts'
import type { Action } from '../input/action.ts'

/** The screen opens on the stage the deploy stands at. */
const openTraffic: Action = ({ state, dispatch, commands }) => {
  const deploy = state.traffic?.deploy
  if (deploy && state.screen !== 'traffic') {
    dispatch({ type: 'cursor.set', screen: 'traffic', index: Math.min(deploy.position, deploy.stages.length - 1) })
  }
  commands.open('traffic', true)
}

/** Pausing asks nothing: it stops what could do harm. */
const togglePause: Action = ({ state, commands }) => {
  const deploy = state.traffic?.deploy
  if (!deploy) return
  if (refuseCommand(deploy, 'resume') === '') commands.confirmCommand('resume')
  else void commands.tellDeploy('pause', '')
}

export const trafficActions: Readonly<Record<string, Action>> = {
  'screen-traffic': openTraffic,
  promote: ({ commands }) => commands.confirmCommand('promote'),
  'pause-deploy': togglePause,
  'abort-deploy': ({ commands }) => commands.confirmCommand('abort'),
  'take-theirs': ({ commands }) => commands.confirmCommand('take-theirs'),
  'put-ours-back': ({ commands }) => commands.confirmCommand('put-ours-back'),
  switch: ({ commands }) => void commands.confirmSwitch(),
  'take-up': ({ commands }) => commands.confirmTakeUp(),
  'stage-evidence': ({ commands, state }) => {
    const stage = state.traffic?.deploy?.stages[cursorOf(state, 'traffic')]
    if (stage) commands.showText('Evidence', stageEvidence(stage))
  },
}
