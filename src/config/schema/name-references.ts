import { nearestWord } from '../../domain/text/nearest-word.ts'
import type { DeploymentParts } from './deployment-parts.ts'

type Issue = (path: readonly (string | number)[], message: string) => void

/** That every check and slot a key names is there, and no registry stands in the list twice. */
export function checkNames(block: DeploymentParts, issue: Issue): void {
  checkSteps(block, issue)
  checkTargets(block, issue)
  checkRegistries(block, issue)
}

/** `steps: analysis: [...]` names checks of `analysis.checks`. */
function checkSteps({ blue_green: blueGreen, analysis }: DeploymentParts, issue: Issue): void {
  const known = (analysis?.checks ?? []).map(({ name }) => name)
  for (const [index, step] of (blueGreen?.traffic?.steps ?? []).entries()) {
    const names = typeof step.analysis === 'string' ? [step.analysis] : (step.analysis ?? [])
    for (const [at, name] of names.entries()) {
      if (known.includes(name)) continue
      const path = ['blue_green', 'traffic', 'steps', index, 'analysis']
      issue(typeof step.analysis === 'string' ? path : [...path, at], unknownAnalysis(name, known))
    }
  }
}

function unknownAnalysis(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known)
  if (near) return `there is no analysis check ${name}; did you mean ${near}?`
  return known.length === 0
    ? `there is no analysis check ${name}: analysis.checks is empty`
    : `there is no analysis check ${name}; there are ${known.join(', ')}`
}

/** A check or a smoke test that probes a copy of the application needs that copy's address, where it uses it. */
function checkTargets(block: DeploymentParts, issue: Issue): void {
  for (const [index, check] of block.health_checks.entries()) {
    const problem = problemOfTarget(block, check.target, [check.url, check.command, check.tcp])
    if (problem !== undefined) issue(['health_checks', index, 'target'], problem)
  }
  const { validation } = block.rollback
  if (validation === undefined) return
  const isList = Array.isArray(validation)
  for (const [index, { run_smoke_tests: smoke }] of (isList ? validation : [validation]).entries()) {
    if (typeof smoke !== 'object' || smoke.against !== 'preview') continue
    const problem = problemOfTarget(block, 'preview', [smoke.url, smoke.command])
    const at = isList ? [index] : []
    if (problem !== undefined) issue(['rollback', 'validation', ...at, 'run_smoke_tests', 'against'], problem)
  }
}

type Target = DeploymentParts['health_checks'][number]['target']

function problemOfTarget(
  { blue_green: blueGreen }: DeploymentParts,
  target: Target,
  texts: readonly (string | undefined)[],
): string | undefined {
  if (target === 'active' || target === 'all') return undefined
  if (target !== 'preview' && blueGreen === undefined) return 'there are no slots; add blue_green, or write active'
  const isAsked = texts.some((text) => text?.includes('${target_host}') === true)
  if (!isAsked || addressesOf(blueGreen, target).some((address) => address !== undefined)) return undefined
  return `no address is known for it; set blue_green.${target === 'preview' ? 'preview_url' : `${target}.url`}`
}

/** The slot without traffic is the preview where no other address is given for it. */
function addressesOf(
  blueGreen: DeploymentParts['blue_green'],
  target: 'preview' | 'blue' | 'green',
): readonly (string | undefined)[] {
  if (target !== 'preview') return [blueGreen?.[target]?.url]
  return [blueGreen?.preview_url, blueGreen?.blue?.url, blueGreen?.green?.url]
}

/** Of two entries with the same format and registry only one would count. */
function checkRegistries({ registries }: DeploymentParts, issue: Issue): void {
  for (const [index, { format, registry }] of registries.entries()) {
    const first = registries.findIndex((other) => other.format === format && other.registry === registry)
    if (first !== index) {
      issue(['registries', index, 'registry'], `item ${first + 1} of the list is this one already; write one entry`)
    }
  }
}
