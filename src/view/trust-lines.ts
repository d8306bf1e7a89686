import { sanitize } from '../domain/text/sanitize.ts'
import { lineOf } from '../trust/trust-part.ts'
import { PART_GROUPS, partText } from '../trust/part-text.ts'
import type { TrustReport } from '../trust/trust-report.ts'
import { renderHeading } from './heading.ts'
import type { Line } from './text.ts'

const STATES: Readonly<Record<TrustReport['state'], string>> = {
  trusted: 'Trusted.',
  untrusted: 'Not trusted: none of its programs is run, and no secret or login is used.',
  changed: 'No longer trusted: it has changed since it was trusted. What is new is marked with +.',
  unneeded: 'No program of it would run and no secret or login of yours would leave now: there is nothing to trust.',
}

const SOURCES: Readonly<Record<NonNullable<TrustReport['source']>, string>> = {
  answer: 'Trusted by you.',
  environment: 'Trusted by BAGBOY_TRUST=1.',
  'first-record': 'Trusted since you recorded the first deployment of this folder.',
}

/** Whether a project is trusted, and all parts that the trust covers. Pure. */
export function renderTrust({ file, state, source, parts, added }: TrustReport): readonly Line[] {
  const isNew = new Set(added.map(lineOf))
  return [
    sanitize(file),
    {
      text: source === null ? STATES[state] : SOURCES[source],
      tone: source === null && parts.length > 0 ? 'warning' : 'ok',
    },
    ...PART_GROUPS.flatMap(({ kind, title }): readonly Line[] => {
      const group = parts.filter((part) => part.kind === kind)
      if (group.length === 0) return []
      return [
        ...renderHeading(title),
        ...group.map((part) => `${isNew.has(lineOf(part)) ? '+' : ' '} ${partText(part)}`),
      ]
    }),
  ]
}
