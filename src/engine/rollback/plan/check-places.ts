import type { History } from '../../../domain/deployment.ts'
import { stepId, type Finding } from '../../../domain/plan.ts'
import { coldFinding, warmUntil } from '../../../planner/warm-place.ts'
import type { Subject } from '../../../registries/driver.ts'
import { checkPlace } from '../../../validation/place-findings.ts'
import type { EngineParts } from '../../engine-parts.ts'

export interface CheckedPlaces {
  readonly findings: readonly Finding[]
  /** What to say beside the title of a step, by its id. */
  readonly notes: ReadonlyMap<string, string>
}

type Parts = Pick<EngineParts, 'config' | 'platform' | 'registries'>

/** Whether what would be gone back to is still up, for steps that lead to a place where it has to run. Changes nothing. */
export async function checkPlaces(
  parts: Parts,
  { subjects, history }: { readonly subjects: readonly Subject[]; readonly history: History },
  signal: AbortSignal,
): Promise<CheckedPlaces> {
  const windows = subjects.flatMap((subject) => warmWindow(parts, subject, history) ?? [])
  const now = parts.platform.clock.now()
  const cold = windows.filter(({ until }) => until <= now)
  const warm = windows.filter(({ until }) => until > now)
  return {
    findings: [
      ...(await askPlaces(parts, subjects, signal)),
      ...cold.map(({ subject, place, until }) => coldFinding(subject, place, until)),
    ],
    notes: new Map(
      warm.map(({ subject, place, until }) => [stepId(subject.package), `${place} is kept warm until ${until}`]),
    ),
  }
}

/** The health checks of the places that steps lead to. */
export async function askPlaces(
  { config, platform, registries }: Parts,
  subjects: readonly Pick<Subject, 'package' | 'to'>[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const asked = subjects.map(async ({ package: ref, to }) => {
    const place = registries(ref).driver.places?.ofPin(to.pin) ?? null
    const drafts = place === null ? [] : await checkPlace(place, to, { config, platform, signal })
    return drafts.map((draft) => ({ ...draft, package: ref }))
  })
  return (await Promise.all(asked)).flat()
}

function warmWindow({ config, registries }: Parts, subject: Subject, history: History) {
  const { package: ref, to } = subject
  const { places } = registries(ref).driver
  const place = places?.ofPin(to.pin) ?? null
  if (!places || place === null || config.blueGreen === null) return undefined
  const until = warmUntil({ history, ref, places }, subject, config.blueGreen.keepPreviousMs)
  return until === undefined ? undefined : { subject, place, until }
}
