import { isUnhealthy, type Deployment } from '../../src/domain/deployment.ts'
import type { ErrorReport } from '../../src/errors/bagboy-error.ts'
import { equivalentCommand } from '../../store/equivalent-command.ts'
import type { RegistryStatus, RunSummary } from '../../src/engine/engine.ts'
import type { AppState } from '../../store/state.ts'
import { driftText } from '../../src/events/drift.ts'
import { driftedRegistries } from '../../store/plan/targets.ts'
import { deployAlarm } from '../traffic/deploy-words.ts'
import { countdownLine, healthAlarm } from '../health/health-alarm.ts'
import { clockTime } from '../../src/view/time.ts'
import { clip, wrap } from '../format/text.ts'
import { sameVersion } from '../../src/domain/version.ts'
import { plain, span, type Line } from '../primitives/line.ts'
import { openRun, waitingRun } from '../../store/run/run-selectors.ts'
import { allDeployments, selectedDeployment, visibleDeployments } from '../../store/history/deployments.ts'

const MOST_ROWS = 4

/** The rows above the keys: an error with its remedy, a message, the filter, or the command that does the same. Pure. */
export function statusLines(state: AppState, width: number): readonly Line[] {
  const countdown = countdownLine(state)
  if (!countdown) return messageLines(state, width)
  // What was just said about a key or an error is not hidden by the seconds that are left.
  const isSaid = state.error !== null || state.flash !== null || state.filter.isOpen
  return isSaid ? [countdown, ...messageLines(state, width)] : [countdown]
}

function messageLines(state: AppState, width: number): readonly Line[] {
  if (state.error) return errorLines(state.error, width)
  if (state.filter.isOpen) return [filterLine(state)]
  if (state.dialog) return [dialogNote(state)]
  if (state.help) return [plain(' Type to search. Keys that are off say why.', 'dim')]
  if (state.flash) return [[span(` ${GLYPH[state.flash.tone]} `, state.flash.tone), span(state.flash.text)]]
  const alarm = liveAlarm(state, width)
  if (alarm) return [alarm]
  const command = equivalentCommand(state)
  return [command === '' ? [] : [span(' $ ', 'dim'), span(command, 'dim')]]
}

const GLYPH = { ok: '✓', bad: '✗', warning: '▲', info: '·' } as const

function errorLines({ code, message, hint }: ErrorReport, width: number): readonly Line[] {
  const lines = [
    ...wrap(`${message} (${code})`, width - 4).map((text, index): Line => [
      span(index === 0 ? ' ✗ ' : '   ', 'bad'),
      span(text, 'bad'),
    ]),
    ...(hint === null ? [] : wrap(hint, width - 4).map((text): Line => [span('   '), span(text, 'info')])),
  ]
  return lines.slice(0, MOST_ROWS)
}

/** The one line that says what is wrong with what is live, and the one key that helps. */
function liveAlarm(state: AppState, width: number): Line | undefined {
  const live = state.overview?.active
  const waiting = notReadLine(state, width) ?? deployAlarm(state, width)
  if (waiting) return waiting
  if (state.screen === 'health') return healthAlarm(state, width)
  if (state.screen !== 'history' || !live) return undefined
  // What a half-done run has moved is no drift: no line may invite the operator to move it back.
  const half = openRun(state)
  if (half) return openRunLine(half, width)
  const drifted = driftedRegistries(state)
  if (drifted.length > 0) return driftAlarm(state, drifted, width)
  const alarm = healthAlarm(state, width)
  if (alarm) return alarm
  return recordedAlarm(state, live, width)
}

/** What was recorded of the live version; what is asked now counts more than what was recorded once. */
function recordedAlarm(state: AppState, live: Deployment, width: number): Line | undefined {
  const isKnown = state.health?.view?.probes.some(({ samples }) => samples.length > 0) === true
  if (isKnown || !isUnhealthy(live)) return waitingLine(state)
  const failing = live.healthChecks.filter(({ status }) => status === 'failing').map(({ label }) => label)
  const why = live.notes || (failing.length === 0 ? 'it was recorded unhealthy' : `fails ${failing.join(', ')}`)
  const remedy = '  r rolls it back'
  const text = clip(`${live.version}: ${why}`, width - remedy.length - 4)
  return [span(' ▲ ', 'bad'), span(text, 'bad'), span('  '), span('r', 'accent'), span(' rolls it back')]
}

function notReadLine({ overviewError, readAt }: AppState, width: number): Line | undefined {
  if (!overviewError) return undefined
  const text = `Not read again: ${overviewError.message}. What is shown is as of ${clockTime(readAt)}.`
  return [span(' ▲ ', 'warning'), span(clip(text, width - 4), 'warning')]
}

function openRunLine({ kind, from, to, doneCount, stepCount }: RunSummary, width: number): Line {
  const remedy = '  R shows it'
  const text = clip(`${kind} ${from} → ${to} is open, ${doneCount} of ${stepCount} done`, width - remedy.length - 4)
  return [span(` ▲ ${text}`, 'warning'), span('  '), span('R', 'accent'), span(' shows it')]
}

function waitingLine(state: AppState): Line | undefined {
  const run = waitingRun(state)
  if (!run) return undefined
  const text = `${run.from} → ${run.to} waits for a manual step`
  return [span(' ▲ ', 'warning'), span(text, 'warning'), span('  '), span('4', 'accent'), span(' shows the run')]
}

function driftAlarm(state: AppState, drifted: readonly RegistryStatus[], width: number): Line {
  // The key means the row under the cursor; on another one it would roll back to that.
  const isLive = selectedDeployment(state)?.id === state.overview?.active?.id
  const [key, remedy] = isLive ? ['r', ' brings it back'] : ['r', ' on the live version brings it back']
  const worst = drifted.toSorted((a, b) => Number(b.state === 'held-version') - Number(a.state === 'held-version'))
  const what = worst.map((one) =>
    one.state === 'held-version' && !(one.serving !== null && sameVersion(one.serving, one.expected))
      ? `${one.package.format} serves ${one.serving}, which is held`
      : `${one.package.format} ${driftText(one)}`,
  )
  const at = state.registriesAt === null ? '' : ` (${clockTime(state.registriesAt)})`
  const text = clip(what.join('; ') + at, width - remedy.length - 3 - 4)
  return [span(' ✗ ', 'bad'), span(text, 'bad'), span('  '), span(key, 'accent'), span(remedy)]
}

function filterLine(state: AppState): Line {
  return [
    span(' /', 'accent'),
    span(state.filter.text),
    span('▏', 'accent'),
    span(`   ${visibleDeployments(state).length} of ${allDeployments(state).length}`, 'dim'),
    span('   state: health: format: commit: is:held', 'dim'),
  ]
}

function dialogNote({ dialog, flash }: AppState): Line {
  if (flash) return [span(` ${GLYPH[flash.tone]} `, flash.tone), span(flash.text)]
  if (dialog?.kind !== 'confirm') return []
  const isTyped = dialog.expected !== ''
  return plain(`${isTyped ? ' Pasting the word is off.' : ''} Enter in a field goes on, on a button presses it.`, 'dim')
}
