import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { durationText } from '../../domain/text/duration.ts'

/** A stage in a few words, for people. Pure. */
export function stageText(stage: DeployStage): string {
  switch (stage.kind) {
    case 'command':
      return 'deploy command'
    case 'checks':
      return 'health checks of the slot'
    case 'smoke':
      return 'smoke tests'
    case 'gate':
      return stage.ms === null ? 'gate: a person' : `gate: ${durationText(stage.ms)}, or a person`
    case 'weight':
      return `traffic ${stage.percent} %`
    case 'pause':
      return stage.ms === null ? 'pause: a person' : pauseText(stage.ms, stage.onTimeout)
    case 'analysis':
      return `analysis ${stage.checks.join(', ')}`
    case 'record':
      return 'history'
    case 'drain':
      return `sessions of the old slot end within ${durationText(stage.ms)}`
    case 'watch':
      return `watch ${durationText(stage.ms)}`
  }
}

const AFTER = { revert: ', then back', promote: ', then on', wait: ', then a person', 'go-on': '' } as const

function pauseText(ms: number, onTimeout: keyof typeof AFTER): string {
  return `pause ${durationText(ms)}${AFTER[onTimeout]}`
}
