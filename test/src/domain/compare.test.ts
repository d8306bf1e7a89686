import { expect, test } from 'vitest'
import { compareDeployments } from '../../../src/domain/compare.ts'
import { aDeployment } from '../../support/builders/a-history.ts'

const npm = (ref: object) => ({
  format: 'npm',
  registry: 'r',
  name: 'app',
  status: 'deployed' as const,
  ref: ref as never,
})

test('two equal deployments differ in nothing', () => {
  const deployment = aDeployment('v1.0.0')

  const { counts } = compareDeployments(deployment, deployment)

  expect(counts).toMatchObject({ changed: 0, added: 0, removed: 0 })
  expect(counts.same).toBeGreaterThan(0)
})

test('says per package whether it came, went, changed or stayed', () => {
  const docker = { format: 'docker', registry: 'r', name: 'app', status: 'deployed' as const }
  const brew = { ...docker, format: 'brew' }
  const left = aDeployment('v1.0.0', { packages: [npm({ version: '1.0.0' }), docker] })
  const right = aDeployment('v1.1.0', { packages: [npm({ version: '1.1.0' }), brew] })

  const packages = compareDeployments(left, right).sections.find(({ title }) => title === 'Packages')

  expect(packages?.rows.map(({ label, change }) => [label.split(' ')[0], change])).toEqual([
    ['npm', 'changed'],
    ['docker', 'removed'],
    ['brew', 'added'],
  ])
})

test('compares pins by value, whatever the order of their keys', () => {
  const left = aDeployment('v1.0.0', { packages: [npm({ tag: 'latest', version: '1.0.0' })] })
  const right = aDeployment('v1.0.0', { packages: [npm({ version: '1.0.0', tag: 'latest' })] })

  const { counts } = compareDeployments(left, right)

  expect(counts).toMatchObject({ changed: 0, added: 0, removed: 0 })
})

test('shows health at deploy side by side', () => {
  const check = (status: string) => [{ label: 'api', status }]
  const left = aDeployment('v1.0.0', { healthChecks: check('passing') })
  const right = aDeployment('v1.1.0', { healthChecks: [...check('failing'), { label: 'new', status: 'passing' }] })

  const health = compareDeployments(left, right).sections.find(({ title }) => title.startsWith('Health'))

  expect(health?.rows).toEqual([
    { label: 'api', left: 'passing', right: 'failing', change: 'changed' },
    { label: 'new', left: '', right: 'passing', change: 'added' },
  ])
})
