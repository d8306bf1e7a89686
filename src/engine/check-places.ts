import type { Deployment, History } from '../domain/deployment.ts'
import { stepId, type Finding } from '../domain/plan.ts'
import type { PlacedHistory } from '../planner/places.ts'
import { coldFinding, warmUntil } from '../planner/warm-place.ts'
import type { Subject } from '../registries/driver.ts'
import { checkPlace } from '../validation/place-findings.ts'
import type { EngineParts } from './engine-parts.ts'

export interface CheckedPlaces {
  readonly findings: readonly Finding[]
  /** What to say beside the title of a step, by its id. */
  readonly notes: ReadonlyMap<string, string>
}

/** Whether what would be gone back to is still up, for steps that lead to a place where it has to run. Changes nothing. */
export async function checkPlaces(
  parts: Pick<EngineParts, 'config' | 'platform' | 'registries'>,
  { subjects, history }: { readonly subjects: readonly Subject[]; readonly history: History },
  signal: AbortSignal,
): Promise<CheckedPlaces> {
  const checked = await Promise.all(subjects.map((subject) => checkOne(parts, subject, history, signal)))
  return {
    findings: checked.flatMap(({ findings }) => findings),
    notes: new Map(checked.flatMap(({ note }) => (note === undefined ? [] : [note]))),
  }
}

interface CheckedPlace {
  readonly findings: readonly Finding[]
  readonly note?: readonly [id: string, text: string] | undefined
}

async function checkOne(
  { config, platform, registries }: Pick<EngineParts, 'config' | 'platform' | 'registries'>,
  subject: Subject,
  history: History,
  signal: AbortSignal,
): Promise<CheckedPlace> {
  const { package: ref, to } = subject
  const { places } = registries(ref).driver
  const place = places?.ofPin(to.pin) ?? null
  if (!places || place === null) return { findings: [] }
  const drafts = await checkPlace(place, to, { config, platform, signal })
  const findings = drafts.map((draft) => ({ ...draft, package: ref }))
  const until = warmOf({ history, ref, places }, subject, config)
  if (until === undefined) return { findings }
  if (until <= platform.clock.now()) return { findings: [...findings, coldFinding(subject, place, until)] }
  return { findings, note: [stepId(ref), `${place} is kept warm until ${until}`] }
}

function warmOf(
  placed: PlacedHistory,
  subject: Subject,
  { blueGreen }: EngineParts['config'],
): Deployment['timestamp'] | undefined {
  return blueGreen === null ? undefined : warmUntil(placed, subject, blueGreen.keepPreviousMs)
}
