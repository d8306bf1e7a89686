import { describe, expect, test } from 'vitest'
import { pairPackages } from '../../../src/planner/pair-packages.ts'
import { aDeployment } from '../../support/builders/a-history.ts'

const REGISTRY = 'https://npm.example.com'
const live = aDeployment('v1.3.0', { id: 3, status: 'active' })
const target = aDeployment('v1.2.0', { id: 2 })

const formatsOf = (only: readonly string[], except: readonly string[]) =>
  pairPackages(live, target, 'myapp', { only, except }).subjects.map(({ package: { format } }) => format)

describe('a selection', () => {
  test.each([
    { only: [], except: [], left: ['npm', 'docker'] },
    { only: ['npm'], except: [], left: ['npm'] },
    { only: [`npm:${REGISTRY}`], except: [], left: ['npm'] },
    { only: [`npm:myapp@${REGISTRY}`], except: [], left: ['npm'] },
    { only: [], except: ['npm'], left: ['docker'] },
    { only: ['npm', 'docker'], except: ['docker'], left: ['npm'] },
  ])('of --only $only and --except $except leaves $left', ({ only, except, left }) => {
    expect(formatsOf(only, except)).toEqual(left)
  })

  test.each([
    { only: ['nmp'], except: [], message: '--only nmp names no package', hint: 'Did you mean npm?' },
    { only: [], except: ['dcoker'], message: '--except dcoker names no package', hint: 'Did you mean docker?' },
    { only: ['npm', 'brew'], except: [], message: '--only brew names no package', hint: 'Packages of this plan: npm,' },
    { only: ['npm:https://other.example'], except: [], message: 'names no package', hint: 'Packages of this plan:' },
    { only: ['toString'], except: [], message: '--only toString names no package', hint: 'Packages of this plan:' },
    {
      only: ['npm'],
      except: ['npm'],
      message: '--only npm and --except npm leave no package',
      hint: 'Packages of this plan: npm, docker.',
    },
    {
      only: [],
      except: ['npm', 'docker'],
      message: '--except npm,docker leave no package',
      hint: 'Packages of this plan: npm, docker.',
    },
  ])('of --only $only and --except $except is a usage error', ({ only, except, message, hint }) => {
    expect(() => formatsOf(only, except)).toThrowError(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    )
  })
})

test('a package of the live release that the target does not have is excluded with its reason', () => {
  const without = aDeployment('v1.2.0', { id: 2, packages: target.packages.slice(0, 1) })

  const { subjects, excluded } = pairPackages(live, without, 'myapp', { only: [], except: [] })

  expect(subjects.map(({ package: { format } }) => format)).toEqual(['npm'])
  expect(excluded).toMatchObject([{ package: { format: 'docker' }, status: 'not_in_target' }])
})

test('a package whose deployment failed in the target is not gone back to', () => {
  const packages = target.packages.map((record) => ({ ...record, status: 'failed' as const }))

  const { subjects, excluded } = pairPackages(live, aDeployment('v1.2.0', { packages }), 'myapp', {
    only: [],
    except: [],
  })

  expect(subjects).toEqual([])
  expect(excluded.map(({ status }) => status)).toEqual(['not_in_target', 'not_in_target'])
})

test('a target that names no packages counts as deployed wherever the live release is', () => {
  const { subjects } = pairPackages(live, aDeployment('v1.2.0', { packages: [] }), 'myapp', { only: [], except: [] })

  expect(subjects).toMatchObject([{ to: { version: 'v1.2.0', pin: null } }, { to: { version: 'v1.2.0', pin: null } }])
})
