import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { aDeployment, aHistory } from '../../support/builders/a-history.ts'
import { aPlan, aStep } from '../../support/builders/a-plan.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { overviewOf, scriptedEngine } from '../../support/engine/scripted-engine.ts'

// Clears the screen, sets the title, hides text, C1 CSI, DEL, a right-to-left override.
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u200b\u009b31m\u007f\u202e'
// eslint-disable-next-line no-control-regex -- the characters a terminal acts on
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/u

const history = aHistory({
  deployments: [aDeployment('v1.3.0', { status: 'active', reason: EVIL, commit: EVIL, id: 2 }), aDeployment('v1.2.0')],
})
const step = aStep('npm', { title: EVIL, manual: [EVIL], package: { format: 'npm', registry: EVIL, name: EVIL } })
const plan = aPlan({
  reason: EVIL,
  steps: [step],
  findings: [{ code: 'V10', severity: 'warn', title: EVIL, detail: EVIL, remedy: EVIL, package: null }],
})
const engine = scriptedEngine({
  overview: () => Promise.resolve(overviewOf(history)),
  plan: () => Promise.resolve(plan),
  status: () => Promise.reject(new Error(EVIL)),
})

test.each([
  [['versions', 'list']],
  [['versions', 'show', 'v1.3.0']],
  [['versions', 'compare', 'v1.2.0', 'v1.3.0']],
  [['versions', 'show', EVIL]],
  [['rollback', '--dry-run']],
  [['rollback', EVIL]],
  [['status']],
  [[EVIL]],
  [['rollback', `--${EVIL}`]],
])('no control character of a registry, a history or an argument reaches the terminal: %j', async (argv) => {
  const { stdout, stderr } = await cli(argv, { engine })

  expect(`${stdout}${stderr}`).not.toMatch(DANGEROUS)
  expect(`${stdout}${stderr}`).toContain('^[[2J')
})

test.each(['json', 'yaml', 'ndjson'])('%s keeps the value and escapes what a terminal would act on', async (format) => {
  const { stdout } = await cli(['versions', 'list', '-o', format], { engine })

  expect(stdout).not.toMatch(DANGEROUS)
  const [first = ''] = format === 'ndjson' ? stdout.split('\n') : [stdout]
  const value: unknown = format === 'yaml' ? parseDocument(stdout).toJS() : JSON.parse(first)
  const entry = { version: 'v1.3.0', reason: EVIL, commit: EVIL }
  expect(value).toMatchObject(format === 'ndjson' ? entry : { deployments: [entry, {}] })
})

test('colours are for a terminal only, and --no-color, NO_COLOR and a dumb terminal have none', async () => {
  const argv = ['versions', 'list']

  const [piped, colored, ...plain] = await Promise.all([
    cli(argv),
    cli(argv, { isTerminal: true }),
    cli([...argv, '--no-color'], { isTerminal: true }),
    cli(['--no-color', ...argv], { isTerminal: true }),
    cli(argv, { isTerminal: true, env: { NO_COLOR: '1' } }),
    cli(argv, { isTerminal: true, env: { TERM: 'dumb' } }),
  ])

  expect(colored.stdout).toContain('\u001b[32mactive')
  for (const { stdout } of [piped, ...plain]) expect(stdout).not.toContain('\u001b')
  // eslint-disable-next-line no-control-regex -- takes the colours out again
  expect(colored.stdout.replace(/\u001b\[\d*m/gu, '')).toBe(piped.stdout)
})
