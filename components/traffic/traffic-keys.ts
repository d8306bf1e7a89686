import type { DeployCommand } from '../../src/domain/traffic/deploy-plan.ts'
import { refuseCommand } from '../../src/events/apply-command.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { noRollback, rollBackKey } from '../plan/roll-back-key.ts'
import { stageEvidence } from './stage-lines.ts'

const notOpen = (traffic: AppState['traffic']): string =>
  traffic?.report ? 'no deploy is open' : 'the balancer is not read yet'

function refusalOf({ traffic }: AppState, command: DeployCommand): string | null {
  const deploy = traffic?.deploy
  return deploy ? refuseCommand(deploy, command) || null : notOpen(traffic)
}

/** A key that sends a command to the open deploy. */
function commandKey(
  command: Exclude<DeployCommand, 'pause'>,
  key: string,
  parts: Partial<KeyBinding> & { readonly label: string },
): KeyBinding {
  return {
    keys: [key],
    scope: 'traffic',
    isDangerous: true,
    disabledReason: (state) => refusalOf(state, command),
    run: ({ commands }) => commands.confirmCommand(command),
    ...parts,
  }
}

/** The keys of the traffic screen. */
export const TRAFFIC_KEYS: readonly KeyBinding[] = [
  {
    keys: ['6'],
    scope: 'everywhere',
    label: 'traffic',
    disabledReason: ({ traffic }) => (traffic ? null : 'bagboy.yaml names no balancer (deployment.blue_green.traffic)'),
    // The screen opens on the step where the deploy stands.
    run: ({ state, dispatch, commands }) => {
      const deploy = state.traffic?.deploy
      if (deploy && state.screen !== 'traffic') {
        dispatch({ type: 'cursor.set', screen: 'traffic', index: Math.min(deploy.position, deploy.stages.length - 1) })
      }
      commands.open('traffic', true)
    },
  },

  commandKey('promote', 'P', {
    label: 'promote: go on past the gate, pause or finding…',
    hint: 'promote…',
    isMain: true,
    isRare: true,
  }),
  {
    keys: ['p'],
    scope: 'traffic',
    label: 'pause the deploy, or go on with it…',
    hint: 'pause',
    isRare: true,
    isDangerous: true,
    disabledReason: (state) => (refusalOf(state, 'resume') === null ? null : refusalOf(state, 'pause')),
    // Pausing asks nothing: it stops what could do harm.
    run: ({ state, commands }) => {
      const deploy = state.traffic?.deploy
      if (!deploy) return
      if (refuseCommand(deploy, 'resume') === '') commands.confirmCommand('resume')
      else void commands.sendCommand('pause', '')
    },
  },
  commandKey('abort', 'B', {
    label: 'send all traffic back and end the deploy…',
    hint: 'back…',
    isMain: true,
    isRare: true,
  }),
  {
    keys: ['S'],
    scope: 'traffic',
    label: 'send all traffic to the other slot…',
    hint: 'switch…',
    isRare: true,
    isDangerous: true,
    disabledReason: (state) => {
      const deploy = state.traffic?.deploy
      if (deploy && deploy.result === null) return 'a deploy is open'
      return state.traffic?.report ? noRollback(state) : 'the balancer is not read yet'
    },
    run: ({ commands }) => void commands.confirmSwitch(),
  },
  {
    keys: ['R'],
    scope: 'traffic',
    label: 'resume a deploy that has no owner now…',
    hint: 'go on…',
    isMain: true,
    isRare: true,
    isDangerous: true,
    disabledReason: ({ traffic }) => {
      if (!traffic?.deploy || traffic.deploy.result !== null) return notOpen(traffic)
      return traffic.isFollowed || traffic.report?.isWorkedOn === true ? 'it is in progress elsewhere' : null
    },
    run: ({ commands }) => commands.confirmResumeDeploy(),
  },
  commandKey('take-theirs', 'T', { label: 'keep the traffic as it was changed from outside…' }),
  commandKey('put-ours-back', 'O', { label: 'put the traffic back as the deploy left it…' }),
  rollBackKey('traffic'),
  {
    keys: ['enter'],
    scope: 'traffic',
    label: 'what the step was decided from',
    hint: 'evidence',
    disabledReason: ({ traffic }) => (traffic?.deploy ? null : 'no deploy is shown'),
    run: ({ commands, state }) => {
      const stage = state.traffic?.deploy?.stages[cursorOf(state, 'traffic')]
      if (stage) commands.showText('Evidence', stageEvidence(stage))
    },
  },
]
