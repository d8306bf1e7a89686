import { expect, test } from 'vitest'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { SCREENS } from '../../store/state.ts'
import { createWorld, type WorldSeed } from '../components/truth/scripted-world.ts'
import { startWalk, type Move } from '../components/truth/walk.tsx'
import { aTrafficReport } from '../support/engine/deploy-script.ts'
import { hostileEngine } from '../support/builders/hostile-engine.ts'

/** What a terminal acts on and what nobody sees: anything but printed characters, the space and the line break. */
const UNSAFE = /[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--\n]/v

/** Each with what stands for it on the screen. */
const EVIL = [
  ['what a terminal acts on', '\u0007\u001b]8;;https://e\u0007\r\u009b31m', '^G^[]8;;https://e^G^M<U+009B>31m'],
  ['what cannot be seen', '\u202e\u200b\ud800\u2028\u{e0041}', '<U+202E><U+200B><U+D800><U+2028><U+E0041>'],
] as const

const SEED: WorldSeed = {
  parts: ['step', 'step', 'already', 'not_in_target'],
  isBlocked: true,
  statuses: ['in-sync', 'drift', 'held-version', 'unreadable'],
  endings: ['done', 'failed', 'skipped', 'undone'],
  result: 'partial',
  exitCode: 6,
  direction: 'do',
  openRun: 'none',
  keep: 3,
  latencies: [12, 600, 33],
  rate: 8,
  isArmed: true,
}

const keys = (text: string): readonly Move[] => text.split(' ').map((key) => ({ kind: 'key', key }))
interface Situation extends Partial<WorldSeed> {
  readonly isTrusted?: boolean
}

const WAYS: readonly (readonly [string, Situation, readonly Move[]])[] = [
  ['a folder that is not trusted', { isTrusted: false }, keys('k tab esc 2 1 j r')],
  [
    'history, a version, compare, health, runs, prune, slots, help',
    {},
    keys('j enter j esc 3 2 j 4 j 5 j 6 j ? esc 1 /'),
  ],
  [
    'target, plan, a step, effects, what speaks against it',
    {},
    keys('j r enter j enter esc m esc b space enter d esc'),
  ],
  ['the confirmation', {}, keys('j r enter b space enter X')],
  [
    'a run, its result, a step and the log of it',
    {},
    [
      ...keys('j r enter b space enter X'),
      { kind: 'type-what-is-asked' },
      { kind: 'run-goes-on' },
      ...keys('j l esc a esc enter esc'),
      { kind: 'run-goes-on' },
      { kind: 'run-ends' },
      ...keys('j l enter esc u esc'),
    ],
  ],
  ['a run that was found open', { openRun: 'interrupted' }, keys('j k enter esc 4 j enter j u esc')],
  ['a run that another process works on', { openRun: 'held' }, keys('j k enter esc 4 j enter')],
  ['a run that waits for a person', { openRun: 'manual' }, keys('j k enter s esc 4 enter')],
]

const TEXT = 'a'
const PARTS = (['program', 'secret', 'login', 'request'] as const).map((kind) => ({ kind, what: TEXT, where: TEXT }))

function theWorld({ isTrusted = true, ...seed }: Situation, evil: string) {
  const world = createWorld({ ...SEED, ...seed })
  const { recovery } = world.engine
  const trust = { file: TEXT, state: 'untrusted', source: null, parts: PARTS, added: [], hash: 'h' } as const
  const report = aTrafficReport({ warnings: [TEXT], title: TEXT, access: 'denied' }, { blue: 30, green: 70 })
  Object.assign(world.engine, {
    traffic: () => Promise.resolve(report),
    ...(isTrusted ? {} : { trust: () => Promise.resolve(trust) }),
    readRun: async (run: string) => ({ view: (await recovery(run)).view, events: [], origin: { kind: 'own' } }),
  })
  return Object.assign(world, { engine: hostileEngine(world.engine, evil) })
}

test.each(EVIL)(
  '%s in every text from outside is shown and never sent, on every screen',
  async (_name, evil, shown) => {
    const screens = new Set<string>()
    let seen = ''
    for (const [name, seed, moves] of WAYS) {
      const walk = await startWalk(theWorld(seed, evil))
      for (const move of moves) {
        await walk.move(move)
        const { screen, dialog } = walk.store.getState()
        const frame = walk.screen(200, 60)
        expect(frame, `${name}: ${screen}, ${JSON.stringify(move)}`).not.toMatch(UNSAFE)
        seen += frame
        screens.add(dialog ? `dialog ${dialog.kind}` : screen)
      }
      expect(walk.summary()).not.toMatch(UNSAFE)
      walk.commands.stopWatches()
    }
    expect(seen).toContain(shown)
    const drawn = SCREENS.filter((screen) => !screens.has(screen))
    expect(drawn, 'screens that were not drawn').toEqual([])
    for (const kind of ['confirm', 'choice', 'findings', 'trust']) expect(screens).toContain(`dialog ${kind}`)
  },
)

const FAILING = [
  'overview',
  'status',
  'plan',
  'recovery',
  'traffic',
  'planPrune',
  'runs',
  'readRun',
  'trust',
  'mark',
] as const

test('what a terminal acts on in the text of every error is shown and never sent', async () => {
  const [[, evil, shown]] = EVIL
  let seen = ''
  for (const failing of FAILING) {
    const world = createWorld({ ...SEED, openRun: failing === 'recovery' ? 'manual' : 'none' })
    const fail = () => Promise.reject(new BagboyError('REGISTRY_BROKEN', TEXT, { hint: TEXT }))
    Object.assign(world.engine, { [failing]: fail })
    const walk = await startWalk(Object.assign(world, { engine: hostileEngine(world.engine, evil) }))
    for (const move of keys('j r enter esc 4 enter 5 6')) {
      await walk.move(move)
      const frame = walk.screen(200, 60)
      expect(frame, `${failing}: ${JSON.stringify(move)}`).not.toMatch(UNSAFE)
      seen += frame
    }
    walk.commands.stopWatches()
  }
  expect(seen).toContain(shown)
})
