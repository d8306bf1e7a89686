import type { Deployment, DeploymentStatus, History, PackageRecord } from '../../../src/domain/deployment.ts'
import type { Finding, PlanStep, RollbackPlan } from '../../../src/domain/plan.ts'
import { stepId } from '../../../src/domain/plan.ts'
import { parseVersion, type Version } from '../../../src/domain/version.ts'
import type { LockInfo, Overview, RecoveryReport, RegistryStatus, RunSummary } from '../../../src/engine/engine.ts'
import type { RunView } from '../../../src/events/project-run.ts'

export const NOW = '2026-02-01T20:02:11.000Z'

export function version(text: string): Version {
  const parsed = parseVersion(text)
  if (!parsed) throw new Error(`not a version: ${text}`)
  return parsed
}

const REGISTRIES = [
  { format: 'brew', registry: 'acme/homebrew-tap', name: 'myapp' },
  { format: 'scoop', registry: 'acme/scoop-bucket', name: 'myapp' },
  { format: 'docker', registry: '127.0.0.1:5000', name: 'acme/myapp' },
  { format: 'npm', registry: 'npm.example.com', name: '@acme/myapp' },
] as const

export function packagesOf(text: string): readonly PackageRecord[] {
  return REGISTRIES.map((one, index) => ({
    ...one,
    status: 'deployed',
    ref: index === 2 ? `sha256:${text.length}f2c${'0a'.repeat(28)}a1` : text,
  }))
}

export function aDeployment(text: string, parts: Partial<Deployment> = {}): Deployment {
  return {
    id: 1,
    kind: 'deploy',
    version: version(text),
    timestamp: '2026-01-15T12:00:00.000Z',
    commit: 'def5678',
    environment: 'production',
    status: 'superseded',
    healthVerdict: 'healthy',
    pinned: false,
    packages: packagesOf(text),
    healthChecks: [{ label: 'https://api.myapp.example/health', status: 'passing' }],
    ...parts,
  }
}

const STATUSES: readonly DeploymentStatus[] = ['superseded', 'superseded', 'rolled_back_from', 'superseded', 'failed']

/** `count` versions, newest first: v1.<count>.0 is live and bad. */
export function aHistory(count = 30, parts: Partial<History> = {}): History {
  const deployments = Array.from({ length: count }, (_, index) => {
    const id = count - index
    const daysAgo = index * 7
    const status = index === 0 ? 'active' : (STATUSES[index % STATUSES.length] ?? 'superseded')
    const isBad = index === 0 || status === 'rolled_back_from' || status === 'failed'
    return aDeployment(`v1.${id}.0`, {
      id,
      status,
      commit: `${(id * 7_654_321).toString(16)}abcdef0`.slice(0, 12),
      timestamp: new Date(Date.parse(NOW) - (daysAgo * 24 + 2) * 3_600_000).toISOString(),
      healthVerdict: isBad ? 'unhealthy' : 'healthy',
      pinned: index === 7,
    })
  })
  return { schema: 1, environment: 'production', deployments, held: [], ...parts }
}

export const FREE_LOCK: LockInfo = {
  app: 'myapp',
  environment: 'production',
  epoch: 3,
  state: 'free',
  who: '',
  host: '',
  pid: 0,
  run: '',
  purpose: '',
  since: '',
  lastBeat: '',
}

export function anOverview(parts: Partial<Overview> = {}): Overview {
  const history = parts.history ?? aHistory()
  return {
    app: 'myapp',
    environment: 'production',
    configFile: 'bagboy.yaml',
    historyFile: '.bagboy/deployment-history.yml',
    history,
    isPartial: false,
    readOnly: null,
    requiresReason: false,
    keep: 10,
    active: history.deployments.find(({ status }) => status === 'active') ?? null,
    runs: [],
    lock: FREE_LOCK,
    actor: { user: 'ana' },
    ...parts,
  }
}

const EFFECTS = [
  {
    newInstalls: 'New installs get the old version.',
    existingUsers: 'A formula stays at the bad version until its users uninstall and install it again.',
    timeToEffect: "At each user's next brew update, which most brew commands begin with.",
  },
  {
    newInstalls: 'New installs get the old version, unless a bot raises the manifest again.',
    existingUsers: 'No existing install goes back: scoop update only goes up.',
    timeToEffect: "At each user's next scoop update.",
  },
  {
    newInstalls: 'Every pull of one of the tags gets the old image; pulls by digest do not change.',
    existingUsers: 'Machines get it with their next pull of the tag; running containers stay as they are.',
    timeToEffect: 'Seconds; as long as a mirror keeps its copy.',
  },
  {
    newInstalls: 'Fresh installs by name, tag or a range that admits the old version get it.',
    existingUsers: 'Global installs move back with npm update -g; a lockfile stays where it is.',
    timeToEffect: 'Seconds at the registry, minutes behind a cache.',
  },
] as const

const TITLES = [
  'Put the formula of 1.29.0 at the head of the tap',
  'Put the manifest of 1.29.0 at the head of the bucket',
  'Point tag latest at the image of 1.29.0',
  'Point dist-tag latest at 1.29.0, deprecate 1.30.0',
] as const

const formula = (one: string): string =>
  [
    'class Myapp < Formula',
    '  desc "Says hello"',
    `  url "https://dl.example.com/myapp-${one}.tar.gz"`,
    `  version "${one}"`,
    '  license "MIT"',
    '  def install',
    '    bin.install "myapp"',
    '  end',
    'end',
    '',
  ].join('\n')

export function aStep(index: number, parts: Partial<PlanStep> = {}): PlanStep {
  const one = REGISTRIES[index % REGISTRIES.length] ?? REGISTRIES[0]
  const effect = EFFECTS[index % EFFECTS.length] ?? EFFECTS[0]
  return {
    id: stepId(one),
    package: one,
    title: TITLES[index % TITLES.length] ?? '',
    group: index < 2 ? 3 : 2,
    from: { version: version('v1.30.0'), pin: '1.30.0' },
    to: { version: version('v1.29.0'), pin: '1.29.0' },
    before: { latest: '1.30.0' },
    want: { latest: '1.29.0' },
    actions: [{ kind: 'custom', title: 'commit and push', operation: 'restore', input: {} }],
    undo: [{ kind: 'custom', title: 'put 1.30.0 back', operation: 'restore', input: {} }],
    reversibility: 'reversible',
    effect,
    manual: [`tool restore ${one.name}@1.29.0`],
    isManual: false,
    preview: index < 2 ? { before: formula('1.30.0'), after: formula('1.29.0') } : { before: '', after: '' },
    deferred: '',
    timeoutMs: 60_000,
    ...parts,
  }
}

export function aFinding(parts: Partial<Finding> = {}): Finding {
  return {
    code: 'V01',
    severity: 'ok',
    title: 'target is in the history',
    detail: '',
    remedy: '',
    package: null,
    ...parts,
  }
}

export function aPlan(parts: Partial<RollbackPlan> = {}): RollbackPlan {
  return {
    schema: 1,
    id: '01JKX7M3Q8ZB7F3A',
    environment: 'production',
    kind: 'rollback',
    app: 'myapp',
    from: version('v1.30.0'),
    to: version('v1.29.0'),
    targetId: 29,
    created: NOW,
    expires: '2026-02-01T21:02:11.000Z',
    reason: '',
    incident: '',
    overrides: [],
    configHash: 'c'.repeat(64),
    historyHash: 'h'.repeat(64),
    hold: true,
    parallelism: 4,
    onPartialFailure: 'pause',
    steps: [0, 1, 2, 3].map((index) => aStep(index)),
    excluded: [],
    findings: [
      aFinding(),
      aFinding({ code: 'V02', title: 'artifacts of the target are there' }),
      aFinding({
        code: 'V08',
        severity: 'warn',
        title: 'v1.30.0 crosses a migration',
        detail: 'One migration cannot be taken back.',
        remedy: 'Check the database first.',
      }),
    ],
    ...parts,
  }
}

export function aStatus(index: number, parts: Partial<RegistryStatus> = {}): RegistryStatus {
  const one = REGISTRIES[index % REGISTRIES.length] ?? REGISTRIES[0]
  return {
    package: one,
    expected: '1.30.0',
    serving: '1.30.0',
    state: 'in-sync',
    detail: '',
    observed: null,
    error: null,
    ...parts,
  }
}

export function aRunSummary(parts: Partial<RunSummary> = {}): RunSummary {
  return {
    id: '01JKX7M3Q8ZB7F3A',
    environment: 'production',
    kind: 'rollback',
    from: 'v1.30.0',
    to: 'v1.29.0',
    startedAt: NOW,
    finishedAt: null,
    result: null,
    isOpen: true,
    undoneBy: null,
    doneCount: 1,
    stepCount: 4,
    origin: { kind: 'own' },
    claimedBy: 'operator on test-host',
    damage: '',
    ...parts,
  }
}

/** A run whose process died after its first step was proved and its second one begun. */
export function aRecovery(view: RunView): RecoveryReport {
  const rows = [
    ['proved', 'want', 'nothing', 'Done and proved before the crash, and it still reads so.'],
    [
      'intended',
      'before',
      'run',
      'It was begun; the registry still serves what it served before, so the step runs again under the same key.',
    ],
    ['not-started', 'before', 'run', 'It was not begun.'],
    ['not-started', 'unreadable', 'run', 'It was not begun; the registry does not answer now.'],
  ] as const
  return {
    view,
    direction: 'do',
    notes: [],
    lock: { ...FREE_LOCK, state: 'dead', run: view.id, who: 'ana', host: 'bastion', pid: 4711 },
    steps: view.steps.map((step, index) => {
      const [intended, found, next, explanation] = rows[index % rows.length] ?? rows[0]
      return {
        step: step.id,
        title: step.plan.title,
        intended,
        found,
        next,
        explanation,
        byHand: step.plan.manual,
        undo: { next: intended === 'not-started' ? 'nothing' : 'run', explanation: 'undo' },
        observed: found === 'want' ? step.want : step.before,
        error:
          found === 'unreadable'
            ? { code: 'REGISTRY_UNREACHABLE', message: 'npm.example.com does not answer', hint: null, details: null }
            : null,
      }
    }),
  }
}
