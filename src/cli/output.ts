import type { TextOutput } from './ports.ts'
import { renderJson, renderJsonLine } from './json.ts'
import { printLines, type Line } from '../view/text.ts'
import { renderYaml } from './yaml.ts'
import type { Format } from './format.ts'

/** Data to stdout in the chosen format, everything for people to stderr. */
export interface Output {
  readonly format: Format
  /** Width of stderr. */
  readonly columns: number
  /** For people; never part of the data. */
  note(...lines: readonly Line[]): void
  /** The command's one answer: a document, its items one a line, or lines for people. */
  answer(value: unknown, forPeople: (columns: number) => readonly Line[]): Promise<void>
  /** One line of a stream; nothing unless the format is ndjson. */
  item(value: unknown): void
}

interface OutputParts {
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly format: Format
  readonly noColor: boolean
}

export function createOutput({ stdout, stderr, format, noColor }: OutputParts): Output {
  const print = (stream: TextOutput, lines: readonly Line[]) =>
    stream.write(printLines(lines, stream.isTerminal && !noColor))
  return {
    format,
    columns: stderr.columns,
    note: (...lines) => print(stderr, lines),
    item: (value) => {
      if (format === 'ndjson') stdout.write(renderJsonLine(value))
    },
    async answer(value, forPeople) {
      if (format === 'table') print(stdout, forPeople(stdout.columns))
      else if (format === 'json') stdout.write(renderJson(value))
      else if (format === 'yaml') stdout.write(await renderYaml(value))
      else stdout.write((Array.isArray(value) ? value : [value]).map(renderJsonLine).join(''))
    },
  }
}
