import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { codeOf } from '../../../contract/registries/driver-session.ts'
import { openNpmRegistry } from '../../../support/registries/npm-session.ts'

describe('deprecations', () => {
  test('that somebody else wrote stay, word for word', async () => {
    const { publish, session, deprecate, deprecated } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    deprecate('1.3.0', 'Breaks on Tuesdays.\u001b[2J')
    deprecate('1.2.0', 'Old, but it works.')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const step = draft(before)

    await execute(step.actions, before.pointer)

    expect(step.actions.map(({ kind }) => kind)).toEqual(['http'])
    expect(before.preview.before).toContain('Breaks on Tuesdays.^[[2J')
    expect([deprecated('1.3.0'), deprecated('1.2.0')]).toEqual(['Breaks on Tuesdays.\u001b[2J', 'Old, but it works.'])
  })

  test('that a rollback wrote are taken back when users are sent there again, and restored by undo', async () => {
    const { publish, session, deprecate, deprecated } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    deprecate('1.2.0', '1.2.0 was withdrawn; use 1.1.0 instead.')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const step = draft(before)
    await execute(step.actions, before.pointer)
    const between = deprecated('1.2.0')
    const { preview } = before

    await execute(step.undo, step.want)

    expect(between).toBeNull()
    expect(preview).toEqual({
      before:
        'myapp  latest → 1.3.0\nmyapp@1.3.0  (not deprecated)\nmyapp@1.2.0  1.2.0 was withdrawn; use 1.1.0 instead.',
      after:
        'myapp  latest → 1.2.0\nmyapp@1.3.0  1.3.0 was withdrawn; use 1.2.0 instead.\nmyapp@1.2.0  (not deprecated)',
    })
    expect([deprecated('1.2.0'), deprecated('1.3.0')]).toEqual(['1.2.0 was withdrawn; use 1.1.0 instead.', null])
  })

  test('are left alone when they are switched off', async () => {
    const { publish, session, deprecated, latest } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute, plan } = session({ options: { deprecate_bad: false } })
    const before = await inspect()

    await execute(draft(before).actions, before.pointer)

    expect([latest(), deprecated('1.3.0')]).toEqual(['1.2.0', null])
    expect(plan(await inspect())).toBeUndefined()
  })

  test('are written anew on what somebody published meanwhile, where the registry compares', async () => {
    const { publish, session, deprecated, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const conflict = { kind: 'status', applied: false, status: 409, method: 'PUT', path: /^\/myapp$/u } as const
    proxy.inject({ ...conflict, times: 2 })

    await execute(draft(before).actions, before.pointer)
    proxy.inject(conflict)
    const code = await codeOf(execute(draft(before).undo, draft(before).want))

    expect(deprecated('1.3.0')).toBe('1.3.0 was withdrawn; use 1.2.0 instead.')
    expect(code).toBe('REGISTRY_CONFLICT')
  })

  test.each([400, 403, 404, 405, 501])(
    'that a registry does not have (%i): the tag moves, what is missing and what helps are told, and undo brings the tag back',
    async (status) => {
      const { publish, session, latest, proxy } = await openNpmRegistry()
      publish('myapp', '1.2.0')
      publish('myapp', '1.3.0')
      const { inspect, draft, execute } = session()
      const before = await inspect()
      const { actions, undo, want } = draft(before)
      proxy.inject({ kind: 'status', applied: false, status, method: 'PUT', path: /^\/myapp/u, body: '{"error":"no"}' })

      const report = toErrorReport(await execute(actions, before.pointer).catch((error: unknown) => error))
      const moved = latest()
      await execute(undo, want)

      expect(report.message).toContain(`answered ${status} while deprecating myapp@1.3.0`)
      expect(report.hint).toContain('deprecate_bad: false')
      expect([moved, latest()]).toEqual(['1.2.0', '1.3.0'])
    },
  )

  test('that were written are not taken for taken back when the registry refuses that', async () => {
    const { publish, session, latest, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const { actions, undo, want } = draft(before)
    await execute(actions, before.pointer)
    proxy.inject({ kind: 'status', applied: false, status: 400, method: 'PUT', path: /^\/myapp/u, body: '{}' })

    expect(await codeOf(execute(undo, want))).toBe('REGISTRY_REJECTED')
    expect(latest()).toBe('1.2.0')
  })

  test('keep everything else of the document', async () => {
    const { publish, session, state } = await openNpmRegistry()
    publish('myapp', '1.2.0', { description: 'kept', custom: { nested: [1, 2] } })
    publish('myapp', '1.3.0', { scripts: { postinstall: 'node x.js' } })
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const [old, bad] = ['1.2.0', '1.3.0'].map((version) =>
      structuredClone(state.packages.get('myapp')?.versions.get(version)),
    )

    await execute(draft(before).actions, before.pointer)

    const versions = state.packages.get('myapp')?.versions
    expect(versions?.get('1.2.0')).toEqual(old)
    expect(versions?.get('1.3.0')).toEqual({ ...bad, deprecated: '1.3.0 was withdrawn; use 1.2.0 instead.' })
  })
})
