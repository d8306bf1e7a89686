import { z } from 'zod'
import type { Action } from '../../domain/plan.ts'
import { STEP_STATUSES } from '../../machine/step-status.ts'
import { TRANSITIONS, type Phase } from '../../machine/transitions.ts'
import type { RunEvent } from '../events.ts'
import { errorReport, jsonObject, previousHolder, takeover } from './event-parts.ts'
import { planForms } from './plan-schema.ts'

const text = z.string()
/** The first versions ran programs. Nothing does now; what they did is still told. */
const ranProgram = z.looseObject({ kind: z.literal('exec'), title: text }) as unknown as z.ZodType<Action>
const { plan, step: planStep, action, finding, json } = planForms(z.looseObject, ranProgram)
const step = text
const direction = z.enum(['do', 'undo'])
const phase = z.enum(Object.keys(TRANSITIONS) as [Phase, ...Phase[]])
const observation = z.looseObject({
  step,
  pointer: json,
  serving: text.nullable(),
  agrees: z.boolean(),
  isUnsteady: z.boolean().optional(),
})

/** What a record has to hold of each kind; what a newer version added is passed over. */
const forms: Readonly<Record<RunEvent['type'], z.ZodType>> = {
  'run.started': z.looseObject({ plan, planHash: text, epoch: z.number(), actor: jsonObject, tool: text }),
  'run.adopted': z.looseObject({
    epoch: z.number(),
    actor: jsonObject,
    purpose: text.optional(),
    from: previousHolder.nullish(),
    why: text.optional(),
    notes: z.array(text).optional(),
    takeover: takeover.optional(),
  }),
  'phase.changed': z.looseObject({ signal: text, from: phase, to: phase }),
  'finding.reported': z.looseObject({ finding }),
  'run.decided': z.looseObject({ direction, reason: text }),
  'step.started': z.looseObject({ step, direction, attempt: z.number() }),
  'step.intent': z.looseObject({
    step,
    direction,
    key: text,
    attempt: z.number(),
    pre: json,
    want: json,
    // The first versions recorded only the compensation.
    actions: z.array(action).optional(),
    undo: z.array(action),
    pin: json.optional(),
    undoByHand: z.array(text).optional(),
  }),
  'step.progress': z.looseObject({
    step,
    status: z.enum(['executing', 'verifying']).optional(),
    done: z.number(),
    total: z.number(),
    label: text,
  }),
  'step.answered': z.looseObject({
    step,
    action: text,
    error: errorReport.nullable(),
    movesNothing: z.boolean().optional(),
  }),
  'step.waiting': z.looseObject({ step, direction, pre: json, want: json, byHand: z.array(text) }),
  'step.narrowed': z.looseObject({
    step,
    before: json,
    want: json,
    actions: z.array(action),
    undo: z.array(action),
  }),
  'step.retrying': z.looseObject({ step, attempt: z.number(), delayMs: z.number(), error: errorReport }),
  'step.verified': z.looseObject({
    step,
    direction,
    proof: json,
    revision: text.nullable(),
    readCount: z.number(),
  }),
  'step.finished': z.looseObject({
    step,
    status: z.enum(STEP_STATUSES),
    detail: text,
    error: errorReport.nullable(),
    durationMs: z.number(),
  }),
  'operator.decided': z.looseObject({ step, decision: text, reason: text, observed: json.optional() }),
  'exclusion.verified': z.looseObject({ step, pointer: json, readCount: z.number() }),
  'step.added': z.looseObject({ step, plan: planStep, reason: text }),
  'sweep.finished': z.looseObject({
    observations: z.array(observation),
    excluded: z.array(observation).optional(),
  }),
  'run.settling': z.looseObject({ waitMs: z.number() }),
  'hold.placed': z.looseObject({ version: text, reason: text }),
  'hold.lifted': z.looseObject({ version: text, reason: text }),
  'history.committed': z.looseObject({ deploymentId: z.number(), revision: z.number() }),
  'run.finished': z.looseObject({
    result: z.enum(['complete', 'partial', 'failed', 'aborted', 'undone', 'manual']),
    exitCode: z.number(),
    summary: text,
  }),
}

export const runEventForms: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(forms))
