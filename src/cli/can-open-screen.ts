import type { CliPorts } from './ports.ts'

export function canOpenScreen({ stdin, stdout }: Pick<CliPorts, 'stdin' | 'stdout'>): boolean {
  return stdin.isTerminal && stdout.isTerminal
}
