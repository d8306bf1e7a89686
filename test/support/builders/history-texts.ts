import { emitItem } from '../../../src/history/edit/emit-yaml.ts'

/** The sample of the user's document, byte for byte. */
export const SEED_HISTORY = `# .bagboy/deployment-history.yml
deployments:
  - version: "v1.3.0"
    timestamp: "2026-02-01T18:00:00Z"
    commit: "abc123"
    packages:
      - format: "brew"
        registry: "scttfrdmn/homebrew-tap"
        status: "deployed"
      - format: "docker"
        registry: "docker.io/scttfrdmn/myapp"
        status: "deployed"
    health_checks:
      - url: "https://api.myapp.com/health"
        status: "passing"
  
  - version: "v1.2.0"
    timestamp: "2026-01-15T12:00:00Z"
    commit: "def456"
    status: "rolled_back_from"
`

/** As a person writes with the full format beside them: flow maps, comments, words without quotes. */
export const FULL_HISTORY = `schema: 1                       # the format
deployments:
  - id: 14                      # newest first
    kind: rollback              # deploy | rollback
    version: "v1.2.0"
    from: "v1.3.0"
    run: 01JK8Q4Z7T5V
    timestamp: "2026-02-01T18:42:10Z"
    finished: "2026-02-01T18:43:55Z"
    commit: "def456"
    environment: production
    status: "active"
    actor: { user: "@alice", via: git, host: laptop-7 }
    reason: "5xx 12% after deploy"
    incident: "https://example.pagerduty.com/incidents/Q1"
    trigger: { kind: error_rate_threshold, value: "12.4%", window: 5m, samples: 4210, source: prom, at: "2026-02-01T18:41:58Z" }
    health: { verdict: healthy, watched: 10m }    # after the whole window
    schema_version: 38
    min_rollback_schema: 36
    pinned: false
    notes: ""
    packages:
      - format: "npm"
        registry: "https://npm.example.com"
        name: myapp
        status: "deployed"
        ref: { tag: latest, version: "1.2.0" }
        before: { tag: latest, version: "1.3.0", deprecated: null }    # for undo
        verified_at: "2026-02-01T18:42:31Z"
        duration_ms: 2140
      - format: "docker"
        registry: "docker.io/scttfrdmn/myapp"
        status: "deployed"
        ref: { tags: [latest, stable], digest: "sha256:1f0c", media_type: "application/vnd.oci.image.index.v1+json" }
        before: { tags: { latest: "sha256:9ab2", stable: "sha256:9ab2" } }
      - format: "pypi"
        registry: "https://pypi.org"
        status: "manual"
        todo: { url: "https://pypi.org/manage/project/myapp/releases/", poll: 60s }
    health_checks:
      - url: "https://api.myapp.com/health"
        status: "passing"
        latency_ms: { p50: 41, p95: 120 }
held:
  - { version: "v1.3.0", reason: "5xx 12% after deploy", by: "@alice", run: 01JK8Q4Z7T5V, at: "2026-02-01T18:43:55Z", until: null }
`

const digest = (seed: number) => seed.toString(16).padStart(64, '0')

/** An entry as we write it, with so many packages. */
export function canonicalEntry(id: number, packageCount: number, eol = '\n'): string {
  const packages = Array.from({ length: packageCount }, (_, index) => ({
    format: index % 2 === 0 ? 'npm' : 'docker',
    registry: `https://registry-${index}.example.com`,
    name: 'myapp',
    status: 'deployed',
    ref: { tag: 'latest', digest: `sha256:${digest(id * 100 + index)}` },
  }))
  const data = {
    id,
    kind: 'deploy',
    version: `v1.${id}.0`,
    timestamp: '2026-02-01T18:42:10Z',
    commit: digest(id).slice(0, 40),
    environment: 'production',
    status: 'superseded',
    actor: { user: '@alice', via: 'git' },
    pinned: false,
    packages,
    health_checks: [{ url: 'https://api.example.com/health', status: 'passing' }],
  }
  return emitItem(data, 2, eol)
}

/** A whole history as we write it; the newest entry is active. */
export function canonicalHistory(count: number, packageCount: number): string {
  const entries = Array.from({ length: count }, (_, index) => canonicalEntry(count - index, packageCount))
  const [newest = '', ...older] = entries
  const live = newest.replace('"superseded"', '"active"')
  return ['schema: 1\n', 'lineage: "5b3c"\n', 'deployments:\n', live, ...older].join('')
}
