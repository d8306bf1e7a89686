import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedApp } from './recorded-app.ts'

/** What the pictures are called and what they show, in the order of the story. */
export const SCENES = {
  history: 'The history: the live version is unhealthy, and one key rolls it back.',
  help: 'The help, made from the key tables: the keys that work here, and why the others do not.',
  version: 'One version: where it was deployed, and what the registries serve now.',
  compare: 'The bad version beside the last good one.',
  target: 'The possible targets, and the concerns about each version.',
  plan: 'The plan. Nothing has changed yet.',
  effects: 'The effect matrix: user impact, registry by registry.',
  'walk-through': 'The walk-through, one page per step: the formula before and after.',
  confirm: 'Nothing moves until the target has been typed.',
  running: 'One bar per registry: it counts sent actions and agreeing reads.',
  resume: 'After a crash: what was intended, what the registries serve now, what is left to do.',
  result: 'The result, as read back from every registry.',
  prune: 'Pruning, with what is protected and why.',
  runs: 'Every run that left a journal.',
  alarm: 'Another night, with health checks: one red line names the failure and the key that rolls back.',
  health: 'Every check, how close each trigger is, and the raw evidence of the failure.',
  traffic: 'Blue and green: following a deploy of another process; a tenth of the users is on the new version.',
  question: 'Traffic should go back, but the old version fails too: nothing moves until a person decides.',
  slots: 'A rollback with a balancer: traffic moves first, and the bar shows what the balancer reports.',
  countdown: 'Armed: the rollback starts automatically unless a person stops it.',
} as const
export type Scene = keyof typeof SCENES

/** Longer than Enter is deaf after a key, and upper-case keys after a change of the screen. */
const GUARD_MS = 700

/** An operator's night, with a crash in the middle; `take` is called when a screen is ready for its picture. */
export async function playScenes(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  await beforeTheRun(app, take)
  await confirmed(app, take)
  await crashed(app, take)
  await press(app, 'enter', (screen) => /v1\.16\.0 .*● live/u.test(screen))
  await guarded(app, 'P', 'What prune would do')
  await take('prune')
  await press(app, '4', '─ Runs ─')
  await take('runs')
}

/** The bad version fails its checks, a round a second. */
export async function playWatchedScenes(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  await app.terminal.shows((screen) => screen.match(/✓ serves 1\.17\.0/gu)?.length === 4)
  for (let round = 0; round < 6; round += 1) {
    app.pass(1)
    await sleep(1000)
  }
  await app.terminal.shows('login fails 3 of 3')
  await take('alarm')
  await press(app, '2', '─ Evidence ─ login')
  await take('health')
  await guarded(app, 'A', 'Arm the automatic rollback')
  await app.terminal.types('v1.16.0')
  await app.terminal.press('tab', 'tab')
  await app.terminal.shows('[ Arm ]')
  await guarded(app, 'enter', 'Auto rollback to v1.16.0')
  app.pass(2)
  await app.terminal.shows('in 0m08')
  await take('countdown')
}

/** A fix goes out into the idle slot; then it is taken back as well. */
export async function playTrafficScenes(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  const { terminal } = app
  await terminal.shows((screen) => screen.match(/✓ serves 1\.17\.0/gu)?.length === 5)
  app.besides('deploy', '--version', 'v1.18.0', '--commit', 'c0ffee1', '--yes', '--reason', 'Sessions, with the cache')
  await press(app, '6', '[◐ gate]')
  app.pass(41)
  await guarded(app, 'P', 'Promote v1.18.0')
  await sleep(GUARD_MS)
  await press(app, 'tab', '[ Promote ]')
  await sleep(GUARD_MS)
  await press(app, 'enter', '[◐ pause 5s]')
  app.pass(2)
  await terminal.shows('10 %')
  await take('traffic')
  await guarded(app, 'B', 'Take the traffic away')
  await sleep(GUARD_MS)
  await press(app, 'tab', '[ Send back ]')
  await sleep(GUARD_MS)
  await press(app, 'enter', '▲ needs you')
  await take('question')
}

/** The same project, and the rollback of its bad version. */
export async function playSlotScenes(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  const { terminal, proxies } = app
  await terminal.shows((screen) => screen.match(/✓ serves 1\.17\.0/gu)?.length === 5)
  await press(app, 'r', 'the usual choice')
  await press(app, 'enter', 'DRY RUN')
  proxies.npm.inject({ kind: 'late', delayMs: 8000, method: 'PUT', times: 1 })
  await guarded(app, 'X', 'Roll back PRODUCTION')
  await terminal.types('Login fails for accounts with a second factor')
  await terminal.press('tab')
  await terminal.types('v1.16.0')
  await terminal.press('tab', 'tab')
  await terminal.shows('[ Roll back ]')
  await guarded(app, 'enter', 'IN PROGRESS')
  await take('slots')
  await terminal.shows('COMPLETE: every registry was read back')
}

async function beforeTheRun(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  await app.terminal.shows((screen) => screen.match(/✓ serves 1\.17\.0/gu)?.length === 4)
  await take('history')
  await press(app, '?', 'Here: history')
  await take('help')
  await press(app, 'esc', '1 of 32')
  await press(app, 'enter', 'History ▸ v1.17.0')
  await take('version')
  await press(app, 'esc', '1 of 32')
  await press(app, 'd', 'Compare v1.16.0')
  await take('compare')
  await press(app, 'esc', '1 of 32')
  app.pass(34)
  await press(app, 'r', 'the usual choice')
  await take('target')
  await press(app, 'enter', 'DRY RUN')
  await take('plan')
  await press(app, 'm', 'Effects: v1.17.0')
  await take('effects')
  await press(app, 'esc', 'EXECUTE…')
  await press(app, 'enter', 'Step 1 of 4')
  await press(app, 'n', 'Step 2 of 4')
  await press(app, 'n', 'Step 3 of 4')
  await take('walk-through')
  await press(app, 'esc', 'Plan: v1.17.0')
}

async function confirmed(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  const { proxies } = app
  await guarded(app, 'X', 'Roll back PRODUCTION')
  await app.terminal.types('Login fails for accounts with a second factor')
  await app.terminal.press('tab')
  await app.terminal.types('v1.1')
  await app.terminal.shows('3 more characters')
  await take('confirm')
  await app.terminal.types('6.0')
  await app.terminal.press('tab', 'tab')
  await app.terminal.shows('[ Roll back ]')
  // npm's answer does not come before the crash; the image takes two seconds.
  proxies.npm.inject({ kind: 'black-hole', method: 'PUT' })
  proxies.docker.inject({ kind: 'late', delayMs: 1500, method: 'PUT', times: 1 })
  app.pass(71)
  await guarded(app, 'enter', 'IN PROGRESS')
  await app.terminal.shows(/docker +[━─]+ +◐/u)
  app.pass(2)
  await app.terminal.shows(/docker +━+ +✓ done/u)
  app.pass(7)
  await app.terminal.shows(/npm .* 0m09/u)
  await take('running')
}

async function crashed(app: RecordedApp, take: (scene: Scene) => Promise<void>): Promise<void> {
  await app.killAndOpen()
  app.proxies.npm.heal()
  app.pass(95)
  await app.terminal.shows((screen) => screen.includes('Open rollback') && screen.includes('run this step'))
  await take('resume')
  await guarded(app, 'R', 'Resume the run')
  await app.terminal.types('v1.16.0')
  await app.terminal.press('tab', 'tab')
  await app.terminal.shows((screen) => !screen.includes('not yet'))
  await guarded(app, 'enter', 'COMPLETE: every registry was read back')
  await app.terminal.shows((screen) => !screen.includes('reading the registries'))
  await take('result')
}

async function press(
  app: RecordedApp,
  key: string,
  wanted: Parameters<RecordedApp['terminal']['shows']>[0],
): Promise<void> {
  await app.terminal.press(key)
  await app.terminal.shows(wanted)
}

async function guarded(app: RecordedApp, key: string, wanted: string): Promise<void> {
  await sleep(GUARD_MS)
  await press(app, key, wanted)
}
