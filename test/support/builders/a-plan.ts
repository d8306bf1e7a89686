import type { PlanStep, RollbackPlan } from '../../../src/domain/plan.ts'
import { version } from './a-history.ts'

export function aStep(format: string, parts: Partial<PlanStep> = {}): PlanStep {
  const registry = format === 'npm' ? 'https://npm.example.com' : '127.0.0.1:5000/myapp'
  return {
    id: `${format}:myapp@${registry}`,
    package: { format, registry, name: 'myapp' },
    title: `Point ${format} at 1.2.0`,
    group: 2,
    from: { version: version('v1.3.0'), pin: null },
    to: { version: version('v1.2.0'), pin: null },
    before: { latest: '1.3.0' },
    want: { latest: '1.2.0' },
    actions: [{ kind: 'custom', title: `Move ${format} to 1.2.0`, operation: 'move', input: {} }],
    undo: [{ kind: 'custom', title: `Move ${format} to 1.3.0`, operation: 'move', input: {} }],
    reversibility: 'reversible',
    effect: { newInstalls: 'get 1.2.0', existingUsers: 'keep 1.3.0', timeToEffect: 'at once' },
    manual: [`${format} tag myapp 1.2.0`],
    isManual: false,
    preview: { before: '', after: '' },
    deferred: '',
    timeoutMs: 60_000,
    ...parts,
  }
}

export function aPlan(parts: Partial<RollbackPlan> = {}): RollbackPlan {
  return {
    schema: 1,
    id: '01JK8Q4Z7T5V0000000000000A',
    kind: 'rollback',
    app: 'myapp',
    environment: 'production',
    from: version('v1.3.0'),
    to: version('v1.2.0'),
    targetId: 2,
    created: '2026-02-01T18:42:10.000Z',
    expires: '2026-02-02T18:42:10.000Z',
    reason: '',
    incident: '',
    overrides: [],
    configHash: 'c0ffee',
    historyHash: 'beef',
    hold: true,
    parallelism: 4,
    onPartialFailure: 'pause',
    steps: [aStep('npm'), aStep('docker')],
    excluded: [],
    findings: [],
    ...parts,
  }
}
