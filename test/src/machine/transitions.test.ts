import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import {
  allowedSignals,
  nextPhase,
  requireTransition,
  TRANSITIONS,
  type Phase,
} from '../../../src/machine/transitions.ts'

const phases = Object.keys(TRANSITIONS) as Phase[]

function reachableFrom(start: Phase): ReadonlySet<Phase> {
  const seen = new Set<Phase>([start])
  for (const phase of seen) {
    for (const signal of allowedSignals(phase)) {
      const next = nextPhase(phase, signal)
      if (next) seen.add(next)
    }
  }
  return seen
}

test('every phase is reachable from deployed', () => {
  const reached = reachableFrom('deployed')

  expect(phases.filter((phase) => !reached.has(phase))).toEqual([])
})

test('every phase has an exit and leads back to deployed or to a finished rollback', () => {
  for (const phase of phases) {
    const reached = reachableFrom(phase)

    expect(allowedSignals(phase).length, phase).toBeGreaterThan(0)
    expect(reached.has('deployed') || reached.has('rollbackComplete'), phase).toBe(true)
  }
})

test('the arrows of the seed are all drawn', () => {
  const arrows: readonly (readonly [Phase, Phase])[] = [
    ['deployed', 'healthCheckFailed'],
    ['deployed', 'monitoring'],
    ['monitoring', 'autoRollbackTrigger'],
    ['rollbackInitiated', 'validation'],
    ['validation', 'validationFailed'],
    ['validation', 'rollbackInProgress'],
    ['rollbackInProgress', 'verifying'],
    ['rollbackInProgress', 'rollbackFailed'],
    ['verifying', 'rollbackComplete'],
    ['validationFailed', 'manualIntervention'],
    ['rollbackFailed', 'recoveryMode'],
  ]

  for (const [from, to] of arrows) {
    const next = allowedSignals(from).map((signal) => nextPhase(from, signal))
    expect(next, `${from} → ${to}`).toContain(to)
  }
})

test('an arrow that is not drawn is refused as a bug', () => {
  expect(() => requireTransition('deployed', 'steps.completed')).toThrow(BagboyError)
})
