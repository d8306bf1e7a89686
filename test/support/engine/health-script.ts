import type { ConditionState, RuleState } from '../../../src/domain/health/trigger.ts'
import type { HealthSample } from '../../../src/domain/health/health-sample.ts'
import type { WatchedProbe, WatchEvent } from '../../../src/events/watch-events.ts'
import type { ScriptedEngine } from '../harness/app-engine.ts'
import { NOW } from '../builders/app-builders.ts'
import { aSample } from '../builders/health-facts.ts'
import { aScriptedWatch, type ScriptedWatch } from './scripted-watch.ts'

export function aWatchedProbe(name: string, parts: Partial<WatchedProbe> = {}): WatchedProbe {
  return {
    probe: name,
    check: name,
    kind: 'http',
    role: 'live',
    place: 'active',
    severity: 'critical',
    intervalMs: 10_000,
    failureThreshold: 1,
    successThreshold: 1,
    ...parts,
  }
}

export function aCondition(parts: Partial<ConditionState> = {}): ConditionState {
  return {
    kind: 'health_check_failures',
    result: 'not-met',
    done: 0,
    needed: 3,
    threshold: '3',
    comparison: '≥',
    value: '0',
    samples: null,
    window: '',
    source: 'probes',
    check: 'login',
    query: '',
    note: '',
    ...parts,
  }
}

/** `login` has failed so many of three rounds. */
export function loginFails(done: number): RuleState {
  const result = done >= 3 ? 'met' : 'not-met'
  return {
    number: 1,
    result,
    conditions: [aCondition({ done, value: String(done), result, note: done > 0 ? '500' : '' })],
  }
}

export function watchStarted(
  probes: readonly WatchedProbe[],
  parts: Partial<Extract<WatchEvent, { type: 'watch.started' }>> = {},
): WatchEvent {
  return {
    type: 'watch.started',
    app: 'myapp',
    environment: 'production',
    version: 'v1.30.0',
    target: 'v1.29.0',
    mode: 'propose',
    probes,
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [] },
    rules: [loginFails(0)],
    endsAt: null,
    ...parts,
  }
}

/** One round of one probe; by default it passes within 12 ms. */
export function sampled(probe: string, parts: Partial<HealthSample> = {}): WatchEvent {
  const evidence = 'GET https://api.myapp.example/login\n200 in 12 ms'
  const sample = aSample({ probe, at: NOW, latencyMs: 12, timeoutMs: 2000, evidence, ...parts })
  return { type: 'health.sampled', sample, nextAt: '2026-02-01T20:02:21.000Z' }
}

export const failing = (probe: string, parts: Partial<HealthSample> = {}): WatchEvent =>
  sampled(probe, {
    verdict: 'failing',
    detail: '500',
    evidence: 'GET https://api.myapp.example/login\n500 in 12 ms\n{"error":"no session store"}',
    ...parts,
  })

/** A watch of these probes that the engine hands out next, begun and passing `rounds` times. */
export function watchNext(engine: ScriptedEngine, names: readonly string[], rounds = 3): ScriptedWatch {
  const watch = aScriptedWatch(NOW)
  engine.nextWatch = watch
  watch.emit(watchStarted(names.map((name) => aWatchedProbe(name))))
  watch.emit({ type: 'phase.changed', signal: 'monitor.started', from: 'deployed', to: 'monitoring' })
  for (let round = 0; round < rounds; round += 1) for (const name of names) watch.emit(sampled(name))
  return watch
}

/** `login` fails three times, and the trigger that counts that fires. */
export function fireTrigger(watch: ScriptedWatch): void {
  watch.emit({ type: 'phase.changed', signal: 'health.failed', from: 'monitoring', to: 'healthCheckFailed' })
  for (const round of [1, 2, 3]) {
    watch.emit(failing('login'))
    watch.emit({ type: 'trigger.evaluated', rules: [loginFails(round)] })
  }
  watch.emit({ type: 'phase.changed', signal: 'trigger.fired', from: 'healthCheckFailed', to: 'autoRollbackTrigger' })
  watch.emit({ type: 'trigger.fired', rule: loginFails(3) })
}
