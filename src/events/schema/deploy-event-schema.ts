import { z } from 'zod'
import { DEPLOY_COMMANDS, type DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { SLOTS } from '../../domain/traffic/traffic.ts'
import type { DeployEvent } from '../deploy-events.ts'
import { errorReport, jsonObject, previousHolder, takeover } from './event-parts.ts'

const text = z.string()
const number = z.number()
const slot = z.enum(SLOTS)
const perSlot = <Value extends z.ZodType>(value: Value) => z.looseObject({ blue: value, green: value })
const split = perSlot(number)
const requests = split.nullable()
const verdict = text
const command = z.enum(DEPLOY_COMMANDS)

/** Keyed by kind, so that a new one without a form does not compile. */
const stageForms = {
  command: { words: z.array(text), env: z.array(text), timeoutMs: number },
  checks: {},
  smoke: {},
  gate: { ms: number.nullable() },
  weight: { percent: number },
  pause: { ms: number.nullable(), onTimeout: text },
  analysis: { checks: z.array(text), ms: number },
  record: {},
  drain: { ms: number },
  watch: { ms: number },
} satisfies Readonly<Record<DeployStage['kind'], z.ZodRawShape>>
const deployStage = z.union(
  Object.entries(stageForms).map(([kind, form]) => z.looseObject({ kind: z.literal(kind), ...form })),
)
const plan = z.looseObject({
  kind: z.enum(['deploy', 'shift']),
  id: text,
  created: text,
  app: text,
  environment: text,
  version: text,
  from: text,
  commit: text,
  reason: text,
  slot,
  provider: text,
  before: split,
  stages: z.array(deployStage),
  onFailure: z.enum(['revert', 'pause']),
  keepPreviousMs: number,
  hold: z.boolean(),
  warnings: z.array(text),
})
const question = z.looseObject({
  kind: z.enum(['failed', 'inconclusive', 'changed', 'other-slot-failing', 'provider']),
  detail: text,
  choices: z.array(command),
  error: errorReport.nullable(),
})
const measurement = z.looseObject({
  check: text,
  at: text,
  atMs: number,
  value: number.nullable(),
  samples: number.nullable(),
  baseline: number.nullable(),
  error: text,
  why: text,
})

/** What a record has to hold of each kind; what a newer version added is passed over. */
const forms: Readonly<Record<DeployEvent['type'], z.ZodType>> = {
  'deploy.started': z.looseObject({ plan, epoch: number, actor: jsonObject, tool: text }),
  'deploy.adopted': z.looseObject({
    epoch: number,
    actor: jsonObject,
    purpose: text,
    from: previousHolder.nullable(),
    why: text,
    takeover: takeover.optional(),
  }),
  'deploy.commanded': z.looseObject({ id: text, command, by: text, reason: text, refusal: text }),
  'deploy.decided': z.looseObject({
    direction: z.literal('back'),
    reason: text,
    evidence: jsonObject.nullable(),
    isVersionBad: z.boolean(),
    result: z.enum(['reverted', 'refused', 'aborted']),
  }),
  'deploy.asked': z.looseObject({ question }),
  'stage.started': z.looseObject({ stage: number, endsAt: text.nullable() }),
  'stage.expired': z.looseObject({ stage: number, next: z.enum(['go-on', 'back', 'wait']) }),
  'stage.finished': z.looseObject({
    stage: number,
    result: z.enum(['passed', 'failed', 'inconclusive', 'skipped']),
    detail: text,
    evidence: jsonObject.nullable(),
    isVersionBad: z.boolean(),
    durationMs: number,
  }),
  'health.sampled': z.looseObject({ stage: number, slot, sample: jsonObject }),
  'health.changed': z.looseObject({ probe: text, from: verdict, to: verdict, detail: text }),
  'analysis.measured': z.looseObject({
    stage: number,
    measurement,
    progress: z.looseObject({ status: text, why: text }),
  }),
  'traffic.observed': z.looseObject({ split, requests, states: perSlot(text), warnings: z.array(text) }),
  'traffic.intended': z.looseObject({ from: split, to: split, revision: text, purpose: text }),
  'traffic.moved': z.looseObject({ split, status: text, requests, error: errorReport.nullable() }),
  'traffic.drained': z.looseObject({ slot, detail: text }),
  'traffic.refused': z.looseObject({ error: errorReport }),
  'traffic.retrying': z.looseObject({ attempt: number, delayMs: number, error: errorReport }),
  'traffic.changed': z.looseObject({ expected: split, found: split }),
  'hold.placed': z.looseObject({ version: text, reason: text }),
  'history.committed': z.looseObject({ deploymentId: number, revision: number }),
  'slot.kept': z.looseObject({ slot, version: text, until: text }),
  'deploy.finished': z.looseObject({
    result: z.enum(['promoted', 'shifted', 'reverted', 'refused', 'aborted', 'left']),
    exitCode: number,
    summary: text,
  }),
}

export const deployEventForms: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(forms))
