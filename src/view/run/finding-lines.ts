import type { Finding } from '../../domain/plan.ts'
import { findingBadge } from '../badges.ts'
import { renderHeading } from '../heading.ts'
import { packageText } from '../history/package-text.ts'
import type { Line } from '../text.ts'

/** What was found when the target was checked, each with its remedy; silent when all is well. Pure. */
export function renderFindings(findings: readonly Finding[], overrides: readonly string[]): readonly Line[] {
  const shown = findings.filter(({ severity }) => severity !== 'ok')
  if (shown.length === 0) return []
  return [
    ...renderHeading('Findings', 'block: needs an override, never: cannot be overridden'),
    ...shown.flatMap((finding) => renderFinding(finding, overrides)),
  ]
}

function renderFinding(finding: Finding, overrides: readonly string[]): readonly Line[] {
  const { code, severity, title, detail, remedy } = finding
  const isOverridden = severity === 'block' && overrides.includes(code)
  const where = finding.package ? `  ${packageText(finding.package)}` : ''
  return [
    [
      { text: `  ${code} ${isOverridden ? 'overridden' : severity}`, tone: findingBadge(severity).tone },
      `  ${title}${where}`,
    ],
    ...(detail === '' ? [] : [`      ${detail}`]),
    ...(remedy === '' ? [] : [[{ text: '      → ', tone: 'dim' } as const, remedy]]),
  ]
}
