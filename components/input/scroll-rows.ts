import { cursorOf } from '../../store/cursor.ts'
import { rowCount } from '../../store/row-count.ts'
import type { AppState } from '../../store/state.ts'
import type { Layout } from '../frame/layout.ts'
import { compareLines } from '../compare/compare-lines.ts'
import { matrixLines } from '../plan/matrix-lines.ts'
import { stepLines } from '../plan/step-lines.ts'
import { versionLines } from '../history/version-lines.ts'
import { selectedDeployment } from '../../store/history/deployments.ts'

/** How far the cursor of the current screen can go: rows of a list, or first rows of a page that scrolls. Pure. */
export function scrollRows(state: AppState, layout: Layout): number {
  const width = innerWidth(layout)
  const page = (length: number): number => Math.max(1, length - pageHeight(layout) + 1)
  switch (state.screen) {
    case 'version': {
      const deployment = selectedDeployment(state)
      return deployment ? page(versionLines(state, deployment, width).length) : 1
    }
    case 'step': {
      const steps = state.plan?.plan.steps ?? []
      const step = steps[cursorOf(state, 'plan')]
      return step ? page(stepLines(step, steps, width).length) : 1
    }
    case 'effects':
      return state.plan ? page(matrixLines(state.plan.plan, width).length) : 1
    case 'compare':
      return compareLines(state, width).length
    case 'history':
    case 'health':
    case 'traffic':
    case 'target':
    case 'plan':
    case 'run':
    case 'result':
    case 'recovery':
    case 'prune':
    case 'runs':
      return rowCount(state, state.screen)
  }
}

/** Columns inside a panel as wide as the screen. */
export function innerWidth({ mode, columns }: Layout): number {
  return mode === 'panes' ? columns - 4 : columns
}

/** Rows inside a panel as high as the content. */
export function pageHeight({ mode, contentRows }: Layout): number {
  return mode === 'panes' ? contentRows - 2 : contentRows - 1
}
