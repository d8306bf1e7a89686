import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { equivalentCommand } from '../../store/equivalent-command.ts'
import { manualSteps } from '../recovery/manual-steps.ts'
import { evidenceText } from '../run/evidence-lines.ts'
import { stageEvidence } from '../traffic/stage-lines.ts'
import { runSummary } from '../run/run-summary.ts'
import { shownRun } from '../../store/run/run-selectors.ts'
import { selectedDeployment } from '../../store/history/deployments.ts'

/** What `y` copies: the thing the screen is about. Pure. */
export function copyText(state: AppState): string {
  switch (state.screen) {
    case 'history':
    case 'version':
      return selectedDeployment(state)?.version ?? ''
    case 'health':
      return evidenceText(state)
    case 'traffic': {
      const stage = state.traffic?.deploy?.stages[cursorOf(state, 'traffic')]
      return stage ? stageEvidence(stage) : ''
    }
    case 'plan':
    case 'step':
      return state.plan?.plan.steps[cursorOf(state, 'plan')]?.manual.join('\n') ?? ''
    case 'result':
      return runSummary(state, shownRun(state))
    case 'recovery':
      return manualSteps(state).join('\n')
    case 'run':
      return state.run?.id ?? ''
    case 'runs':
      return state.overview?.runs[cursorOf(state, 'runs')]?.id ?? ''
    case 'target':
    case 'effects':
    case 'compare':
    case 'prune':
      return equivalentCommand(state)
  }
}
