import type { Deployment, History } from '../../../src/domain/deployment.ts'
import { parseVersion, type Version } from '../../../src/domain/version.ts'

export function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(`not a version: ${text}`)
  return parsed
}

export function aDeployment(text: string, parts: Partial<Deployment> = {}): Deployment {
  return {
    id: 1,
    kind: 'deploy',
    version: version(text),
    timestamp: '2026-02-01T18:00:00Z',
    commit: 'abc123',
    status: 'superseded',
    pinned: false,
    packages: [
      { format: 'npm', registry: 'https://npm.example.com', name: 'myapp', status: 'deployed', ref: { version: text } },
      { format: 'docker', registry: '127.0.0.1:5000/myapp', name: 'myapp', status: 'deployed', ref: { digest: text } },
    ],
    healthChecks: [],
    ...parts,
  }
}

/** v1.3.0 is live, v1.2.0 and v1.1.0 came before. */
export function aHistory(parts: Partial<History> = {}): History {
  return {
    schema: 1,
    environment: 'production',
    deployments: [
      aDeployment('v1.3.0', { id: 3, status: 'active' }),
      aDeployment('v1.2.0', { id: 2, timestamp: '2026-01-15T12:00:00Z', commit: 'def456' }),
      aDeployment('v1.1.0', { id: 1, timestamp: '2026-01-02T12:00:00Z', commit: '012abc' }),
    ],
    held: [],
    ...parts,
  }
}
