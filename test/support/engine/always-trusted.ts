import { FULL_TRUST } from '../../../src/platform/full-trust.ts'
import type { ProjectTrust } from '../../../src/trust/open-trust.ts'
import type { TrustReport } from '../../../src/trust/trust-report.ts'

const report: TrustReport = {
  file: '/project/bagboy.yaml',
  state: 'trusted',
  source: 'answer',
  parts: [],
  added: [],
  hash: '',
}

/** A trusted project. */
export const ALWAYS_TRUSTED: ProjectTrust = {
  port: FULL_TRUST,
  chosenPort: FULL_TRUST,
  require: () => undefined,
  trust: () => Promise.resolve(report),
  giveTrust: () => Promise.resolve(report),
  trustFirstRecord: () => Promise.resolve(false),
}
