import { stepId, type Finding, type RollbackPlan } from '../../../domain/plan.ts'

export interface ChangedFinding {
  readonly code: string
  readonly before: string
  readonly after: string
}

type Findings = Pick<RollbackPlan, 'findings'>

/**
 * The checks that find something else than the saved plan says they found; those of registries that were not read again
 * are left aside. Texts are not compared: the run shows those of now. Pure.
 */
export function changedFindings(saved: Findings, made: Findings, unread: readonly string[]): readonly ChangedFinding[] {
  const [then, now] = [saved, made].map(({ findings }) => severities(findings, unread))
  const keys = [...new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])]
  return keys.flatMap((key) => {
    const [before, after] = [then?.get(key) ?? 'nothing', now?.get(key) ?? 'nothing']
    return before === after ? [] : [{ code: key.split(' ')[0] ?? key, before, after }]
  })
}

/** By code and package: several findings of one code count together. */
function severities(findings: readonly Finding[], unread: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { code, severity, package: ref } of findings) {
    const id = ref === null ? '' : stepId(ref)
    if (unread.includes(id)) continue
    const key = `${code} ${id}`
    found.set(key, [...(found.get(key)?.split(', ') ?? []), severity].sort().join(', '))
  }
  return found
}
