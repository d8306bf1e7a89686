import type { JsonObject } from '../domain/text/json.ts'
import { emitItem } from '../history/edit/emit-yaml.ts'
import type { Publication } from './publish-releases.ts'
import { APP } from './release-files.ts'
import { HEALTH_CHECKS, PUBLIC_ADDRESS } from './releases.ts'
import type { SandboxRegistries } from './sandbox-registries.ts'
import type { Happening } from './timeline.ts'

/** `.bagboy/deployment-history.yml` of a project to which all of this happened; newest first. */
export function historyText(
  timeline: readonly Happening[],
  publications: readonly (readonly Publication[])[],
  { names, blueGreen }: SandboxRegistries,
): string {
  const entries = timeline.map((happening, index) => ({
    ...entryOf(happening, index === timeline.length - 1),
    packages: [
      ...trafficOf(happening, blueGreen),
      ...(publications[index] ?? []).map(({ format, status, ref }) => ({
        format,
        registry: names[format],
        name: APP,
        status,
        ...(ref ? { ref } : {}),
      })),
    ],
    health_checks: healthChecksOf(happening),
  }))
  const items = (list: readonly JsonObject[]) => list.toReversed().map((item) => emitItem(item, 2, '\n'))
  const held = timeline.flatMap(holdOf)
  const holds = held.length === 0 ? ['held: []\n'] : ['held:\n', ...items(held)]
  return ['schema: 1\n', 'deployments:\n', ...items(entries), ...holds].join('')
}

/** The switch between the slots is one more package, pinned to where the version runs. */
function trafficOf({ release }: Happening, blueGreen: SandboxRegistries['blueGreen']): readonly JsonObject[] {
  const placed = blueGreen?.placements.find(([version]) => version === release.version)
  if (!placed) return []
  return [{ format: 'traffic', registry: 'haproxy', name: APP, status: 'deployed', ref: { slot: placed[1] } }]
}

function entryOf({ id, kind, release, left, at, commit }: Happening, isNewest: boolean): JsonObject {
  const { version, summary, outcome } = release
  const wentWrong = kind === 'deploy' && outcome.kind !== 'healthy'
  const takenBack = kind === 'rollback' ? left : undefined
  return {
    id,
    kind,
    version: `v${version}`,
    ...(takenBack ? { from: `v${takenBack.version}` } : {}),
    timestamp: at,
    commit,
    environment: 'production',
    status: statusOf(wentWrong ? outcome.kind : 'healthy', isNewest),
    actor: takenBack ? { user: 'on-call', via: 'os' } : { user: 'release', via: 'ci' },
    reason: takenBack ? problemOf(takenBack) : summary,
    ...(wentWrong && outcome.kind === 'failed' ? {} : { health: { verdict: wentWrong ? 'unhealthy' : 'healthy' } }),
    pinned: false,
    notes: wentWrong ? problemOf(release) : '',
  }
}

function statusOf(outcome: Happening['release']['outcome']['kind'], isNewest: boolean): string {
  if (isNewest) return 'active'
  if (outcome === 'failed') return 'failed'
  return outcome === 'rolled-back' ? 'rolled_back_from' : 'superseded'
}

function problemOf({ outcome }: Happening['release']): string {
  return 'problem' in outcome ? outcome.problem : ''
}

function healthChecksOf({ id, kind, release: { version, outcome } }: Happening): readonly JsonObject[] {
  if (outcome.kind === 'failed') return []
  return HEALTH_CHECKS.map((path, index) => {
    const fails =
      kind === 'deploy' && (outcome.kind === 'bad' ? outcome.failing === path : outcome.kind === 'rolled-back')
    const p50 = 30 + index * 25 + ((id * 7) % 13)
    const latency = fails ? { p50: p50 * 4, p95: p50 * 31 } : { p50, p95: p50 * 3 }
    return { url: `${PUBLIC_ADDRESS}${path}`, status: fails ? 'failing' : 'passing', latency_ms: latency, version }
  })
}

/** What was taken back must not ship again. */
function holdOf({ kind, left, at }: Happening): readonly JsonObject[] {
  if (kind !== 'rollback' || !left) return []
  return [{ version: `v${left.version}`, reason: problemOf(left), by: 'on-call', at, until: null }]
}
