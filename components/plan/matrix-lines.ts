import type { PlanStep, RollbackPlan } from '../../src/domain/plan.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import { registryLabel } from '../format/names.ts'
import { clip, fit, wrap } from '../format/text.ts'
import { span, type Line } from '../primitives/line.ts'

const GAP = 2
const UNDO = 4
const MAX_NAME = 18

/**
 * The effect matrix: per registry, does it protect new installs, does it move those who have the bad version, how soon,
 * and can it be taken back. Pure.
 */
export function matrixLines(plan: RollbackPlan, width: number): readonly Line[] {
  const all = [...plan.steps, ...plan.excluded].map((one) => one.package)
  const name = Math.min(MAX_NAME, Math.max(8, ...all.map((one) => registryLabel(one, all).length)))
  const room = Math.max(10, Math.floor((width - 2 - name - UNDO - 4 * GAP) / 3))
  const widths = [name, room, room, room, UNDO]
  const heading = ['REGISTRY', 'NEW INSTALLS', `WHO HAS ${plan.from}`, 'HOW SOON', 'UNDO']
  return [
    row(heading, widths).map((part) => ({ ...part, tone: 'dim' as const })),
    ...plan.steps.flatMap((step) => [...stepRows(registryLabel(step.package, all), step, widths), []]),
    ...leftBehind(plan).map(({ package: one, reason, status }) => [
      span(` ${fit(registryLabel(one, all), name)}  `),
      span(clip(`skipped: ${reason || status}`, width - name - 3), 'warning' as const),
    ]),
  ]
}

function stepRows(label: string, step: PlanStep, widths: readonly number[]): readonly Line[] {
  const { newInstalls, existingUsers, timeToEffect } = step.effect
  const isOneWay = step.reversibility === 'one-way'
  const cells = [label, newInstalls, existingUsers, timeToEffect, isOneWay ? 'no' : 'yes'].map((text, index) =>
    wrap(text, widths[index] ?? 1),
  )
  const height = Math.max(...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_, at) => {
    const parts = row(
      cells.map((lines) => lines[at] ?? ''),
      widths,
    )
    return parts.map((part, index) =>
      index === 1
        ? { ...part, tone: 'strong' as const }
        : index === 5 && isOneWay
          ? { ...part, tone: 'warning' as const }
          : part,
    )
  })
}

function row(texts: readonly string[], widths: readonly number[]): Line {
  return [
    span(' '),
    ...texts.map((text, index) =>
      span(fit(text, widths[index] ?? 0) + (index === texts.length - 1 ? '' : ' '.repeat(GAP))),
    ),
  ]
}
