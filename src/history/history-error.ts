import { BagboyError } from '../errors/bagboy-error.ts'
import { positionAt } from '../yaml/text-position.ts'
import type { YamlProblem } from '../yaml/yaml-problem.ts'

/** What is wrong with the history at one place of it. `label` is the file as people should see it. */
export function invalidHistory(label: string, text: string, problem: YamlProblem): BagboyError {
  const { line, column } = positionAt(text, problem.offset)
  return new BagboyError('HISTORY_INVALID', `${label}:${line}:${column}: ${problem.wrong}; ${problem.right}`, {
    hint: 'Correct the line and run the command again; the file was not changed.',
    details: { file: label, line, column },
  })
}
