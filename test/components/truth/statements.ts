import { EXIT } from '../../../src/errors/codes.ts'
import type { AppState } from '../../../store/state.ts'
import type { ScriptedWorld } from './scripted-world.ts'

/** What the operator can see: one screen, or the paragraph that stays on the normal screen. */
export interface Seen {
  readonly text: string
  /** Only to know which screen it is; what is stated is compared with the engine. */
  readonly state: AppState
}

/** A kind of sentence that states a fact, found in a text; what it finds that is false. */
type Check = (seen: Seen, world: ScriptedWorld) => readonly string[]

/** Every statement that is false. Pure. */
export function falseStatements(seen: Seen, world: ScriptedWorld): readonly string[] {
  return CHECKS.flatMap((check) => check(seen, world))
}

/** How often each kind of statement was made at all: a check that never finds anything proves nothing. */
export function statementKinds(seen: Seen): readonly string[] {
  return Object.entries(PATTERNS).flatMap(([name, pattern]) => (new RegExp(pattern).test(seen.text) ? [name] : []))
}

const PATTERNS = {
  'plan id on the plan': /Plan: \S+ → \S+ \((\w{6})\)/u,
  'plan id in the dialog': /plan (\w{6}) · (\d+) steps?/u,
  'skipped in the dialog': /plan \w{6} · \d+ steps? · (\d+) skipped/u,
  'skipped in the plan': /▲ (\d+) registr(?:y|ies) skipped/u,
  'skipped in the run': /(\d+) skipped/u,
  'every registry': /every registry|all registries/iu,
  'exit code': /Exit code +(\d+)/u,
  direction: /going back/u,
  'no run is open': /no run is open|No run yet/u,
  interrupted: /INTERRUPTED|its process is gone/u,
  'in sync': /(\d+)(?: registr(?:y|ies))? in sync/u,
  armed: /AUTO→(\S+)/u,
  keep: /keep (\d+) ─/u,
  comparison: /(\d+)% (>|≤) (\d+)%/u,
  overridden: /(\d+) overridden/u,
  result: /▲ |✓ COMPLETE|COMPLETE without/u,
} as const

const CHECKS: readonly Check[] = [
  planIds,
  planRowsStand,
  skippedCounts,
  everyRegistry,
  exitCodes,
  directions,
  openRuns,
  interruptions,
  inSync,
  armed,
  keeps,
  comparisons,
  latencies,
  plurals,
]

function found(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  return [...text.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))]
}

/** The plan that stands on a screen is the engine's newest; the one of a run is the one it was begun with. */
function planIds({ text }: Seen, { plan }: ScriptedWorld): readonly string[] {
  const ids = [...found(text, PATTERNS['plan id on the plan']), ...found(text, PATTERNS['plan id in the dialog'])]
  const wrongIds = ids.filter(([, id]) => id !== plan?.id.slice(-6)).map(([sentence]) => sentence)
  const steps = found(text, PATTERNS['plan id in the dialog']).filter(
    ([, , count]) => Number(count) !== plan?.steps.length,
  )
  return [...wrongIds, ...steps.map(([sentence]) => sentence)]
}

/** Every registry of the plan stands on its screen, as a step or with why it has none. */
function planRowsStand({ text, state }: Seen, { plan }: ScriptedWorld): readonly string[] {
  if (state.screen !== 'plan' || state.dialog || state.help || !plan || !text.includes('Plan: ')) return []
  const isStep = (format: string): boolean => plan.steps.some((step) => step.package.format === format)
  return ['brew', 'scoop', 'docker', 'npm'].flatMap((format) => {
    const row = new RegExp(`^[ │]+(?:▶ )? *(\\d*) +${format} +(.*)$`, 'mu').exec(text)
    if (!row) return [`${format} does not stand in the plan`]
    const skipped = /skipped|not in the target|already/u.test(row[2] ?? '')
    return skipped === isStep(format) ? [`the row of ${format}: ${row[0].trim()}`] : []
  })
}

function behind({ excluded }: { readonly excluded: readonly { readonly status: string }[] }): number {
  return excluded.filter(({ status }) => status !== 'already').length
}

function skippedCounts({ text, state }: Seen, { plan, begun, ended }: ScriptedWorld): readonly string[] {
  const planned = plan ? behind(plan) : 0
  const inPlan = [...found(text, PATTERNS['skipped in the plan']), ...found(text, PATTERNS['skipped in the dialog'])]
  const wrong = inPlan.filter(([, count]) => Number(count) !== planned).map(([sentence]) => sentence)
  const hasDialog = text.includes('Type ') && found(text, PATTERNS['plan id in the dialog']).length > 0
  if (hasDialog && planned > 0 && !text.includes('skipped')) wrong.push('the dialog says nothing of what is skipped')
  if (state.screen === 'result' && begun && ended && !state.past) {
    const inRun = begun.steps.filter((_, index) => ended.statuses[index] === 'skipped').length
    if (inRun + behind(begun) > 0 && !/skipped/u.test(text)) wrong.push('the result says nothing of what was skipped')
  }
  return wrong
}

/** "Every registry was read back" is said only of a complete run without anything skipped. */
function everyRegistry({ text }: Seen, { begun, ended }: ScriptedWorld): readonly string[] {
  if (!/COMPLETE: every registry|UNDONE: every pointer/u.test(text) || !begun || !ended) return []
  const isSkipped = behind(begun) > 0 || begun.steps.some((_, index) => ended.statuses[index] === 'skipped')
  return isSkipped ? ['"every" although something was skipped'] : []
}

/** What is shown is what the process will return. */
function exitCodes({ text, state }: Seen, { ended }: ScriptedWorld): readonly string[] {
  if (!ended || state.past) return []
  const code = state.run?.health?.state === 'unhealthy' ? EXIT.unhealthy : ended.exitCode
  const own = found(text, PATTERNS['exit code']).filter(([, shown]) => Number(shown) !== code)
  return own.map(([sentence]) => `${sentence}, and the process returns ${code}`)
}

function directions({ text, state }: Seen, { seed, begun }: ScriptedWorld): readonly string[] {
  if (state.screen !== 'run' || !begun) return []
  const isBack = /─ (?:Rollback, going back|Undo) ─/u.test(text)
  return isBack && seed.direction === 'do' ? ['"going back" of a run that goes forward'] : []
}

function openRuns({ text }: Seen, { overview, seed }: ScriptedWorld): readonly string[] {
  if (!overview || seed.openRun === 'none') return []
  return /no run is open|No run yet/u.test(text) ? [`"no run" beside an open one (${seed.openRun})`] : []
}

function interruptions({ text }: Seen, { seed }: ScriptedWorld): readonly string[] {
  const isSaid = /INTERRUPTED|its process is gone/u.test(text)
  return isSaid && seed.openRun !== 'interrupted' ? [`"interrupted" with an open run that is ${seed.openRun}`] : []
}

function inSync({ text }: Seen, { statuses, seed, begun, ended }: ScriptedWorld): readonly string[] {
  const sentences = found(text, PATTERNS['in sync'])
  if (sentences.length === 0) return []
  const isAll = statuses?.every(({ state }) => state === 'in-sync' || state === 'moving') === true
  const isRunning = begun !== undefined && ended === undefined
  const isHalfDone = seed.openRun !== 'none' && seed.openRun !== 'manual'
  const isTrue = isAll && !isHalfDone && !isRunning
  return isTrue ? [] : sentences.map(([sentence]) => sentence)
}

/** Armed is said on every screen with its target, and only when it is so. */
function armed({ text, state }: Seen, { isArmed, watch }: ScriptedWorld): readonly string[] {
  const isWatching = state.health?.purpose === 'guard' && watch.asked.every((one) => !one.startsWith('stop'))
  const isSaid = PATTERNS.armed.test(text)
  if (isSaid && !isArmed) return ['"AUTO" although it is held']
  if (isSaid) return found(text, PATTERNS.armed).flatMap(([sentence, to]) => (to === 'v1.29.0' ? [] : [sentence]))
  return isArmed && isWatching && state.overview && !/bagboy-tui:/u.test(text)
    ? ['armed, and the screen is silent']
    : []
}

/** What is configured, until the operator changes it. */
function keeps({ text, state }: Seen, { seed }: ScriptedWorld): readonly string[] {
  if (state.screen !== 'prune') return []
  return found(text, PATTERNS.keep).flatMap(([sentence, keep]) => (Number(keep) === seed.keep ? [] : [sentence]))
}

function comparisons({ text }: Seen): readonly string[] {
  return found(text, PATTERNS.comparison).flatMap(([sentence, value, sign, limit]) => {
    const isTrue = sign === '>' ? Number(value) > Number(limit) : Number(value) <= Number(limit)
    return isTrue ? [] : [sentence]
  })
}

/** P50 and P95 lie between the fastest and the slowest round that was measured. */
function latencies({ text }: Seen, { seed }: ScriptedWorld): readonly string[] {
  const row = /login +live .*? ([\d.]+)(ms|s) +([\d.]+)(ms|s) /u.exec(text)
  if (!row || seed.latencies.length === 0) return []
  const [, p50, unit50, p95, unit95] = row
  const [least, most] = [Math.min(...seed.latencies), Math.max(...seed.latencies)]
  return [
    [p50, unit50],
    [p95, unit95],
  ].flatMap(([value, unit]) => {
    const ms = Number(value) * (unit === 's' ? 1000 : 1)
    return ms >= least && ms <= most ? [] : [`latency ${value}${unit}, measured ${least} to ${most} ms`]
  })
}

const NOUNS = 'step|version|registr(?:y|ie)|check|run|warning|character|failure|row|addition|removal'

function plurals({ text }: Seen): readonly string[] {
  const many = found(text, new RegExp(`(?<![\\d.] of |\\d)\\b1 (?:${NOUNS})s\\b`, 'u'))
  const one = found(
    text,
    new RegExp(`(?<!of )\\b(?!1 )\\d+ (?:step|version|registry|check|run|warning|failure)(?![\\w-])`, 'u'),
  )
  return [...many, ...one].map(([sentence]) => sentence)
}
