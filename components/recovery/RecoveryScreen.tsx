import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { RunView } from '../../src/events/project-run.ts'
import type { RecoveryReport, RecoveryStep } from '../../src/engine/engine.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { actorText, pointerText, registryLabel } from '../format/names.ts'
import { clip, wrap } from '../format/text.ts'
import { foundBadge, INTENDED, nextBadge } from '../../src/view/badges.ts'
import { age, clockTime, dateTime } from '../../src/view/time.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { labelled } from '../primitives/columns-line.ts'
import { useApp, useLayout } from '../store-context.ts'
import { plain, span, type Line, type Span } from '../primitives/line.ts'

const COLUMNS = [
  { title: 'REGISTRY', width: 14 },
  { title: 'WE DID', width: 15 },
  { title: 'FOUND', width: 20 },
  { title: 'WHAT FOLLOWS', width: 16, grow: 1 },
] as const

/** A run that was left open: what was intended, what is found now, what follows. */
export function RecoveryScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  const { recovery } = state
  if (!recovery) {
    const text = state.busy ? 'Reading what every registry serves …' : 'Not read. ctrl-r reads it again.'
    return <Lines lines={[[], plain(`   ${text}`, 'dim')]} width={columns} />
  }
  const { view, steps } = recovery
  const extra = mode === 'panes' ? 2 : 1
  const facts = factLines(recovery, state, columns - 4)
  const step = steps[cursorOf(state, 'recovery')]
  const top = Math.min(contentRows - 4, facts.length + steps.length + 1 + extra)
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel
        title={`Open ${view.plan.kind}: ${view.plan.from} → ${view.plan.to}`}
        note={view.id}
        width={columns}
        height={top}
        isActive
      >
        {(inner) => (
          <>
            <Lines lines={facts} width={inner.width} />
            <Table
              columns={COLUMNS}
              count={steps.length}
              cursor={cursorOf(state, 'recovery')}
              row={(index) => recoveryCells(recovery, index)}
              width={inner.width}
              height={inner.height - facts.length}
            />
          </>
        )}
      </Panel>
      <Panel title={step?.title ?? ''} width={columns} height={contentRows - top}>
        {(inner) => <ScrollView lines={step ? stepLines(step, inner.width) : []} offset={0} {...inner} />}
      </Panel>
    </Box>
  )
}

function factLines(
  { view, direction, steps, lock, notes }: RecoveryReport,
  { now, recoveryAt }: Times,
  width: number,
): readonly Line[] {
  const { actor, plan, startedAt } = view
  const begun = `${clockTime(startedAt)}, ${age(startedAt, now)} ago, by ${actorText(actor)}${plan.reason === '' ? '' : `: ${plan.reason}`}`
  const done = steps.filter(({ found }) => found === 'want').length
  const unread = steps.filter(({ found }) => found === 'unreadable').length
  return [
    [
      span(' Served          ', 'dim'),
      span(`${view.plan.to} `, 'strong'),
      span(`from ${done} of ${steps.length}${unread === 0 ? '' : `, ${unread} could not be read`}`),
      span(`   as of ${clockTime(recoveryAt)}`, 'dim'),
      span(direction === 'undo' ? `   the run goes back to ${plan.from}` : '', 'warning'),
    ],
    [span(' Begun           ', 'dim'), span(clip(begun, width - 17))],
    holderOf(view, lock),
    ...notes.flatMap((note) => wrap(note, width - 3)).map((text) => plain(` ${text}`, 'warning')),
  ]
}

type Times = Pick<AppState, 'now' | 'recoveryAt'>

/** Whether a process works on it, and if not, whether the last one ended it or went away. */
function holderOf({ id, result, finishedAt }: RunView, lock: RecoveryReport['lock']): Line {
  const { state, who, host, since, purpose } = lock
  if (state === 'held' || state === 'silent') {
    return [span(` ▲ ${who} on ${host} holds the lock since ${dateTime(since)}: ${purpose}`, 'warning')]
  }
  if (result !== null) {
    const at = finishedAt === null ? '' : ` at ${clockTime(finishedAt)}`
    return [span(` It ended${at} as ${result.toUpperCase()} and is still open. Nothing runs while you choose.`, 'dim')]
  }
  const isGone = state === 'dead' && lock.run === id
  const what = isGone ? 'Interrupted: its process is gone.' : 'It did not end, and no process holds its lock.'
  return [span(` ${what} Nothing runs while you choose.`, 'dim')]
}

function recoveryCells({ view, steps }: RecoveryReport, index: number): readonly Span[] {
  const step = steps[index]
  if (!step) return []
  const all = view.steps.map(({ plan }) => plan.package)
  const own = view.steps.find(({ id }) => id === step.step)?.plan.package
  const next = nextBadge(step.next)
  return [
    span(own ? registryLabel(own, all) : step.step),
    span(INTENDED[step.intended], 'dim'),
    foundSpan(step, view),
    span(next.word, next.tone),
  ]
}

/** With the version where it is known which one that is. */
function foundSpan({ found }: RecoveryStep, { plan }: RecoveryReport['view']): Span {
  const { glyph, word, tone } = foundBadge(found)
  const version = found === 'want' ? `${plan.to} ` : found === 'before' ? `${plan.from} ` : ''
  return span(`${glyph} ${version}${word}`, tone)
}

function stepLines(step: RecoveryStep, width: number): readonly Line[] {
  const { byHand: manual } = step
  return [
    ...wrap(step.explanation, width - 2).map((text) => plain(` ${text}`)),
    ...labelled('Served', wrap(pointerText(step.observed), width - 17), 16),
    ...(step.error ? labelled('Error', wrap(`${step.error.code} ${step.error.message}`, width - 17), 16, 'bad') : []),
    ...(step.next === 'nothing' || step.next === 'verify'
      ? []
      : labelled(
          'Manual',
          manual.length === 0
            ? ['no command does the same']
            : manual.flatMap((text) => wrap(text, width - 19).map((one, at) => `${at === 0 ? '$' : ' '} ${one}`)),
          16,
        )),
  ]
}
