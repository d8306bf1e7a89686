import type { Config } from '../config/config.ts'
import type { Finding } from '../domain/plan.ts'

/**
 * What is only mentioned by itself stops the plan, or at least warns, where `rollback.validation` asks for it: a registry
 * that cannot be read or lacks the target (`verify_dependencies`), a major version (`check_backwards_compatibility`). Pure.
 */
export function raiseFindings(
  findings: readonly Finding[],
  { dependencies, compatibility }: Config['validation'],
): readonly Finding[] {
  const levels: Readonly<Partial<Record<string, 'off' | 'warn' | 'block'>>> = {
    V16: dependencies,
    V10: dependencies,
    V13: compatibility.level,
  }
  return findings.map((finding) =>
    finding.severity === 'warn' && levels[finding.code] === 'block' ? raise(finding) : finding,
  )
}

function raise(finding: Finding): Finding {
  return {
    ...finding,
    severity: 'block',
    remedy: `${finding.remedy} Or insist with --override ${finding.code} --reason TEXT.`,
  }
}
