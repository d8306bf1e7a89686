import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import {
  allowedSignals,
  nextPhase,
  requireTransition,
  RESUMED,
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

test('every phase is reachable from deployed, or by resuming an open run', () => {
  const reached = new Set([...reachableFrom('deployed'), ...reachableFrom(RESUMED)])

  expect(phases.filter((phase) => !reached.has(phase))).toEqual([])
})

test('every phase leads back to deployed or to a finished rollback; a run that waits for manual steps is resumed', () => {
  const isEnd = (phase: Phase) => phase === 'deployed' || phase === 'rollbackComplete'
  const lost = [...phases].filter((phase) => ![...reachableFrom(phase)].some(isEnd))

  expect(lost).toEqual(['manualOutstanding'])
  expect([...reachableFrom(RESUMED)].some(isEnd)).toBe(true)
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
