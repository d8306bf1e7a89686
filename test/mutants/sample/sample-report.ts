import { AREAS } from './areas.ts'
import type { MutantResult } from './run-mutant.ts'

/** A mutant that runs for ever is found as well as one that fails. */
function isKilled({ verdict }: MutantResult): boolean {
  return verdict === 'killed' || verdict === 'out of time'
}

function row(name: string, results: readonly MutantResult[]): string {
  const killed = results.filter(isKilled).length
  const share = results.length === 0 ? '' : `${Math.round((100 * killed) / results.length)} %`
  return `| ${name} | ${killed} of ${results.length} | ${share} |`
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim()
  return `\`${line.length > 70 ? `${line.slice(0, 69)}…` : line}\``
}

/** The score of each area, and every mutant that no test found. */
export function sampleReport(results: readonly MutantResult[]): string {
  const areas = Object.keys(AREAS).filter((area) => results.some((result) => result.area === area))
  const survivors = results.filter((result) => !isKilled(result))
  return [
    '| Area | Killed | Score |',
    '| --- | ---: | ---: |',
    ...areas.map((area) =>
      row(
        area,
        results.filter((result) => result.area === area),
      ),
    ),
    row('all', results),
    '',
    ...survivors.map(
      ({ file, line, kind, from, to, verdict }) =>
        `- ${file}:${line}, ${kind}: ${oneLine(from)}${to === '' || to === ';' ? '' : ` → ${oneLine(to)}`}${verdict === 'survived' ? '' : ` (${verdict})`}`,
    ),
  ].join('\n')
}
