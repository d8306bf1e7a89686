import { expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import type { TrustReport } from '../../src/trust/trust-report.ts'
import { aScriptedEngine } from '../support/harness/app-engine.ts'
import { openApp, type Screen } from '../support/harness/terminal.tsx'
import { until } from '../support/clocks/until.ts'

const REPORT: TrustReport = {
  file: '/work tree/bagboy.yaml',
  state: 'untrusted',
  source: null,
  parts: [
    { kind: 'program', what: './check.sh', where: 'health check up' },
    { kind: 'secret', what: '${env:TOKEN}', where: 'https://evil.example/\u001b[2J' },
  ],
  added: [],
  hash: 'c0ffee',
}

/** An engine whose project nobody has trusted; `given` holds the hashes that were trusted. */
function untrustedEngine(report: TrustReport = REPORT): Engine & { readonly given: string[] } {
  const given: string[] = []
  return Object.assign(aScriptedEngine(), {
    given,
    trust: () => Promise.resolve(given.length > 0 ? { ...report, state: 'trusted' as const } : report),
    giveTrust: (hash: string) => {
      given.push(hash)
      return Promise.resolve({ ...report, state: 'trusted' as const })
    },
  })
}

/** Enter counts half a second after a dialog opened or changed: it is pressed until it does. */
async function answer(screen: Screen): Promise<void> {
  await until('the answer', async () => {
    await screen.press('enter')
    return !screen.text().includes('Is this folder trusted?')
  })
}

test('the app asks at the start, with everything that would run and go out, and Enter alone only looks', async () => {
  const engine = untrustedEngine()
  const screen = await openApp(engine)
  await screen.shows('Is this folder trusted?')

  expect(screen.text()).toContain('./check.sh  (health check up)')
  expect(screen.text()).toContain('${env:TOKEN}  →  https://evil.example/')
  await answer(screen)

  expect(engine.given).toEqual([])
  for (const key of ['1', '3', '4', '5', '?']) {
    await screen.press(key)
    expect(screen.rows()[0], key).toContain('NOT TRUSTED')
  }
  await screen.close()
})

test('trusting takes a key of its own before Enter, and takes the badge away', async () => {
  const engine = untrustedEngine()
  const screen = await openApp(engine)
  await screen.shows('▶ Look only')

  await screen.press('space')
  await screen.shows('▶ Trust this folder')
  await answer(screen)

  await screen.shows((text) => !text.includes('NOT TRUSTED'))
  expect(engine.given).toEqual(['c0ffee'])
  await screen.close()
})

test('what is new since it was trusted is marked', async () => {
  const added = REPORT.parts.slice(1)
  const screen = await openApp(untrustedEngine({ ...REPORT, state: 'changed', added }))
  await screen.shows('Is this folder trusted?')

  expect(screen.text()).toContain('+ ${env:TOKEN}')
  expect(screen.text()).not.toContain('+ ./check.sh')
  await screen.press('esc')
  await screen.shows('NOT TRUSTED')
  await screen.close()
})

test('a project that is trusted is opened without a question', async () => {
  const screen = await openApp(aScriptedEngine())
  await screen.shows('v1.30.0')

  expect(screen.text()).not.toContain('trusted?')
  expect(screen.rows()[0]).not.toContain('NOT TRUSTED')
  await screen.close()
})
