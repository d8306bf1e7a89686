import { isUnhealthy } from '../../src/domain/deployment.ts'
import { countHealth } from '../../src/events/project-watch.ts'
import { countSteps } from '../../src/events/count-steps.ts'
import type { Dialog } from '../../store/dialog/dialog.ts'
import type { AppState } from '../../store/state.ts'
import { clockTime, elapsed } from '../../src/view/time.ts'
import { plural } from '../../src/view/plural.ts'
import { disabledReason, hintOf, type KeyBinding } from '../input/key-binding.ts'
import { KEYMAP } from '../input/keymap.ts'
import type { Layout } from './layout.ts'
import { breadcrumbStops } from './breadcrumb.ts'
import { environmentTone, environmentWord, type Theme } from '../theme/theme.ts'
import { resultWord } from '../run/run-summary.ts'
import { clipLine, lineWidth, span, spread, type Line } from '../primitives/line.ts'
import { isAtWork, openRun, shownRun } from '../../store/run/run-selectors.ts'
import { isWatchPhase, phaseOf } from '../../store/phase.ts'

/** Program, environment in words and colour, what is live, whether we may write, when it was read. Pure. */
export function headerLine(state: AppState, layout: Layout, theme: Theme): Line {
  const { overview } = state
  if (!overview) return [span(' bagboy-tui', 'strong')]
  const word = environmentWord(overview.environment)
  const block = span(theme.hasColor ? ` ${word} ` : `[${word}]`, environmentTone(overview.environment))
  const left: Line = [span(` ${overview.app}  `, 'strong'), block, span('  '), ...subject(state)]
  const access = accessSpan(state)
  const armed = armedText(state)
  const mode: Line = armed === '' ? [access] : [span(armed, 'bad'), span(' '), access]
  const isRunning = state.run?.isActive === true
  const time = span(` ${clockTime(isRunning ? state.now : oldestRead(state))} `, 'dim')
  const hasMiddle = !isRunning && layout.mode !== 'tiny'
  const [whole, short] = [false, true].map((isShort) =>
    hasMiddle ? [...left, span('   '), ...registries(state, isShort)] : left,
  )
  const right = [...mode, ...(isRunning ? [] : [span('  read', 'dim')]), time]
  const variants: readonly (readonly [Line | undefined, Line])[] = [
    [whole, right],
    [whole, [...mode, time]],
    [short, [...mode, time]],
    [left, [...mode, time]],
    [left, mode],
  ]
  const fits = variants.find(([a, b]) => a && lineWidth([...a, ...b]) < layout.columns)
  if (fits?.[0]) return spread(fits[0], fits[1], layout.columns)
  // What may happen by itself is never cut off.
  const room = layout.columns - lineWidth(mode) - 2
  return [...clipLine(left, room), span(' '), ...mode]
}

/** What stands in the header is not younger than this. */
function oldestRead({ readAt, registriesAt }: AppState): string {
  return registriesAt !== null && registriesAt < readAt ? registriesAt : readAt
}

/** An automatic rollback that is armed, with where it would go; empty when nothing happens by itself. Pure. */
export function armedText({ health }: AppState): string {
  const view = health?.view
  if (!view || health.error || health.purpose !== 'guard' || view.rules.length === 0) return ''
  if (view.mode !== 'auto' && !view.countdown) return ''
  const target = view.countdown?.plan.to ?? view.proposal?.plan.to ?? view.target
  return target === null ? 'AUTO' : `AUTO→${target}`
}

/** Whether this app may write, and what is in the way. */
function accessSpan({ options, overview, trust }: AppState): Line[number] {
  if (trust === 'untrusted' || trust === 'changed') return span('NOT TRUSTED', 'warning')
  const isReadOnly = options.isReadOnly || overview?.readOnly !== null
  return isReadOnly ? span('RO', 'warning') : span('RW', 'dim')
}

function subject(state: AppState): Line {
  const run = shownRun(state)
  const view = run?.view
  if (run && view && (run.isActive || state.screen === 'result')) {
    const clock = elapsed(view.startedAt, view.finishedAt ?? state.now)
    return [
      span(`${view.plan.from} → ${view.plan.to}   `),
      span(
        run.isPaused ? 'PAUSED' : resultWord(run),
        run.isActive ? 'info' : (run.outcome?.exitCode ?? view.exitCode) === 0 ? 'ok' : 'bad',
      ),
      span(` ${clock}   run ${view.id.slice(-6)}`, 'dim'),
    ]
  }
  return liveSubject(state)
}

function liveSubject(state: AppState): Line {
  const live = state.overview?.active
  if (!live) return [span('nothing is live', 'warning')]
  const name: Line = [span('live '), span(live.version, 'strong')]
  const seen = healthSpans(state)
  if (seen.length > 0) return [...name, span('   '), ...seen]
  return isUnhealthy(live) ? [...name, span(' ✗ unhealthy', 'bad')] : name
}

/** What the checks say now; empty while they have said nothing. */
function healthSpans({ health }: AppState): Line {
  const view = health?.view
  if (!view || health.error || !view.probes.some(({ samples }) => samples.length > 0)) return []
  const { critical, failing, unknown } = countHealth(view)
  if (critical === 0) return []
  if (failing > 0) return [span(`health ✗ ${failing} of ${critical} failing`, 'bad')]
  if (unknown > 0) return [span(`health ○ ${unknown} of ${critical} unknown`, 'warning')]
  return [span(`health ✓ ${critical} of ${critical}`, 'ok')]
}

function registries(state: AppState, isShort: boolean): Line {
  const { registries: read, registriesError, isReadingRegistries } = state
  if (registriesError) return [span('✗ registries could not be read', 'bad')]
  // A half-done run differs from the history, and is on its own screen.
  if (openRun(state)) return [span('▲ a run is open', 'warning')]
  if (read) {
    const bad = read.filter(({ state: one }) => one !== 'in-sync' && one !== 'moving')
    const held = bad.filter((one) => one.state === 'held-version').length
    if (held > 0) return [span(`✗ ${plural(held, 'registry serves', 'registries serve')} a held version`, 'bad')]
    if (bad.length > 0 && bad.every((one) => one.state === 'by-hand'))
      return [span(`▲ ${plural(bad.length, 'registry waits', 'registries wait')} for a person`, 'warning')]
    const apart = bad.filter(({ state: one }) => one !== 'unreadable' && one !== 'unknown').length
    const [count, what] = apart > 0 ? [apart, apart === 1 ? 'differs' : 'differ'] : [bad.length, 'not known']
    if (bad.length > 0) return [span(`▲ ${count} of ${read.length}${isShort ? '' : ' registries'} ${what}`, 'warning')]
    const all = isShort ? String(read.length) : plural(read.length, 'registry', 'registries')
    return [span(`✓ ${all} in sync`, 'ok')]
  }
  return isReadingRegistries ? [span('reading the registries', 'dim')] : []
}

/** The state machine as the breadcrumb. Pure. */
export function breadcrumbLine(state: AppState, layout: Layout, theme: Theme): Line {
  const phase = phaseOf(state)
  const stops = breadcrumbStops(phase, isWatchPhase(state) ? 'watch' : 'run')
  const arrow = theme.isAscii ? ' > ' : ' ─▶ '
  const parts = stops.map(({ state: where, glyph, label, tone }): Line =>
    where === 'here'
      ? [span(`[${glyph} ${label}]`, tone === 'ok' ? 'accent' : tone)]
      : [span(where === 'past' ? `✓ ${label}` : label, 'dim')],
  )
  const joined = parts.flatMap((part, index) => [...(index === 0 ? [span(' ')] : [span(arrow, 'dim')]), ...part])
  if (lineWidth(joined) <= layout.columns) return joined
  const here = stops.findIndex((stop) => stop.state === 'here')
  return [
    span(' '),
    ...(parts[here] ?? []),
    ...(parts[here + 1] ? [span(arrow, 'dim'), ...(parts[here + 1] ?? [])] : []),
  ]
}

/** One line for terminals too small for anything else: never a reason to leave a run. Pure. */
export function oneLine(state: AppState): string {
  const armed = armedText(state)
  return `${armed === '' ? '' : `${armed} `}${subjectWord(state)}`
}

function subjectWord(state: AppState): string {
  const { run, overview } = state
  if (run?.view) {
    const counts = countSteps(run.view)
    return `${resultWord(run)} ${counts.done}/${run.view.steps.length} ${counts.failed > 0 ? `${counts.failed} failed ` : ''}${run.id.slice(-6)}`
  }
  const open = openRun(state)
  if (open) return `run ${open.id.slice(-6)} is open`
  return overview?.active ? `${overview.app} live ${overview.active.version}` : 'bagboy-tui'
}

const DIALOG_KEYS: Readonly<Record<Dialog['kind'], string>> = {
  confirm: 'tab next field  enter press button  esc cancel',
  findings: 'j,k move  space override  enter accept  esc leave everything as it was',
  menu: 'j,k move  enter choose  esc close',
  choice: 'j,k move  enter choose  esc go back',
  secret: 'enter send  esc go on without',
  text: 'j,k scroll  esc close',
  trust: 'j,k scroll  space choose the other answer  enter answer  esc look only',
}

/** `key word  key word`: keys stand out, two spaces part them. */
function wordsLine(text: string): Line {
  return text.split('  ').flatMap((hint): Line => {
    const at = hint.lastIndexOf('↑') > 0 ? 3 : hint.indexOf(' ')
    return [
      span('  '.slice(hint === text.split('  ')[0] ? 1 : 0)),
      span(hint.slice(0, at), 'accent'),
      span(hint.slice(at)),
    ]
  })
}

const KEY_WORDS: Readonly<Record<string, string>> = { right: '→', left: '←' }

/** The bottom row: this screen's live keys, then help and the way back. Pure. */
export function keysLine(state: AppState, layout: Layout, theme: Theme): Line {
  if (state.dialog) return wordsLine(DIALOG_KEYS[state.dialog.kind])
  if (state.help) return wordsLine('↓ ↑ scroll  esc close')
  if (state.filter.isOpen) return wordsLine('enter keep the filter  esc clear it')
  const here = KEYMAP.filter(({ scope, hint }) => scope === state.screen && hint !== undefined).filter(
    (one) => one.isRare !== true || disabledReason(one, state) === null,
  )
  const everywhere = KEYMAP.filter(({ scope, hint }) => scope === 'everywhere' && hint !== undefined)
  const isRoot = state.screen === 'history' && state.back.length === 0
  const end = [...everywhere.map((one) => keyHint(one, state, theme)), backHint(isRoot, state)]
  const hints = merge(here).map((one) => ({ isMain: one.isMain === true, line: keyHint(one, state, theme) }))
  const widthOf = (some: readonly { readonly line: Line }[]): number =>
    some.reduce((sum, { line }) => sum + lineWidth(line) + 2, 0)
  const gap = span('  ')
  const fixed = end.reduce((sum, hint) => sum + lineWidth(hint) + 2, 1)
  // What the screen is for keeps its place; the others share what is left, in their order.
  let room = layout.columns - fixed + 2 - widthOf(hints.filter(({ isMain }) => isMain))
  const shown = hints.filter((hint) => {
    if (hint.isMain) return true
    room -= widthOf([hint])
    return room >= 0
  })
  const lines = [...shown.map(({ line }) => line), ...end]
  return [span(' '), ...lines.flatMap((hint, index) => (index === 0 ? hint : [gap, ...hint]))]
}

/** Neighbours with the same hint share it: `+ - keep`. */
function merge(bindings: readonly KeyBinding[]): readonly KeyBinding[] {
  return bindings.reduce<readonly KeyBinding[]>((merged, one) => {
    const last = merged.at(-1)
    if (last?.hint !== one.hint || !last) return [...merged, one]
    return [...merged.slice(0, -1), { ...last, keys: [`${last.keys[0]} ${one.keys[0]}`] }]
  }, [])
}

function keyHint(binding: KeyBinding, state: AppState, theme: Theme): Line {
  const isOff = disabledReason(binding, state) !== null
  const key = KEY_WORDS[binding.keys[0] ?? ''] ?? binding.keys[0] ?? ''
  const hint = hintOf(binding, state)
  const label = theme.isAscii ? hint.replace('…', '...') : hint
  const keyTone = binding.isDangerous === true ? 'warning' : 'accent'
  return isOff ? [span(`${key} ${label}`, 'dim')] : [span(key, keyTone), span(` ${label}`)]
}

function backHint(isRoot: boolean, state: AppState): Line {
  if (isRoot) return [span('q', 'accent'), span(isAtWork(state) ? ' quit...' : ' quit')]
  return [span('esc', 'accent'), span(' back')]
}
