import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { durationText } from '../../domain/text/duration.ts'

/** `gate 10m`: a stage in a narrow column. Pure. */
export function stageName(stage: DeployStage): string {
  return namesOf(stage)[0]
}

/** `gate: 10m, or a person`: a stage in a sentence. Pure. */
export function stageText(stage: DeployStage): string {
  const [name, text = name] = namesOf(stage)
  return text
}

function namesOf(stage: DeployStage): readonly [name: string, text?: string] {
  switch (stage.kind) {
    case 'command':
      return ['deploy command']
    case 'checks':
      return ['checks', 'health checks of the slot']
    case 'smoke':
      return ['smoke tests']
    case 'gate':
      return stage.ms === null
        ? ['gate', 'gate: a person']
        : timed('gate', stage.ms, (ms) => `gate: ${ms}, or a person`)
    case 'weight':
      return [`${stage.percent} %`, `traffic ${stage.percent} %`]
    case 'pause':
      return stage.ms === null
        ? ['pause', 'pause: a person']
        : timed('pause', stage.ms, (ms) => `pause ${ms}${AFTER[stage.onTimeout]}`)
    case 'analysis':
      return ['analysis', `analysis ${stage.checks.join(', ')}`]
    case 'record':
      return ['history']
    case 'drain':
      return timed('drain', stage.ms, (ms) => `sessions of the old slot end within ${ms}`)
    case 'watch':
      return timed('watch', stage.ms, (ms) => `watch ${ms}`)
  }
}

function timed(name: string, ms: number, text: (duration: string) => string): readonly [name: string, text: string] {
  return [`${name} ${durationText(ms)}`, text(durationText(ms))]
}

const AFTER = { revert: ', then back', promote: ', then on', wait: ', then a person', 'go-on': '' } as const
