import { planCommand } from './plan/command-line.ts'
import { shellWord } from '../src/domain/text/shell-word.ts'
import type { Deployment } from '../src/domain/deployment.ts'
import type { AppState } from './state.ts'
import { shownRun } from './run/run-selectors.ts'
import { allDeployments, deploymentById, selectedDeployment } from './history/deployments.ts'

/** The command line that shows or does what is on the screen; empty when there is none. Pure. */
export function equivalentCommand(state: AppState): string {
  const words = wordsOf(state)
  return words === '' ? '' : `${state.options.program} ${words}`
}

function wordsOf(state: AppState): string {
  switch (state.screen) {
    case 'history':
      return state.overview ? 'versions list' : ''
    case 'health':
      return 'health'
    case 'traffic':
      return 'traffic status'
    case 'version':
      return `versions show ${deploymentWord(state, selectedDeployment(state))}`
    case 'compare': {
      const sides = [state.compare?.left, state.compare?.right].map((id) => deploymentById(state, id ?? null))
      return `versions compare ${sides.map((one) => deploymentWord(state, one)).join(' ')}`
    }
    case 'target':
      return ''
    case 'plan':
    case 'step':
    case 'effects':
      return state.plan ? planCommand('', state.plan).trimStart() : ''
    case 'run':
    case 'result':
      return (shownRun(state)?.command ?? '').replace(`${state.options.program} `, '')
    case 'recovery':
      return state.recovery ? `runs resume ${state.recovery.view.id}` : ''
    case 'prune':
      return state.prune ? `versions prune --keep=${state.prune.plan.keep} --dry-run` : ''
    case 'runs':
      return 'runs list'
  }
}

/** The version where one entry has it, else the id: the command must mean the entry that is shown. */
function deploymentWord(state: AppState, deployment: Deployment | undefined): string {
  if (!deployment) return ''
  const isOnly = allDeployments(state).filter(({ version }) => version === deployment.version).length === 1
  return isOnly ? shellWord(deployment.version) : `@${deployment.id}`
}
