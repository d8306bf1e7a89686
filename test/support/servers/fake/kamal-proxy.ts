import { writeFileSync } from 'node:fs'
import type { ProgramAnswer } from './program.ts'

/** One service, as the state file of kamal-proxy has it. */
interface KamalService {
  readonly name: string
  readonly options: { hosts: string[] }
  active_targets: string[]
  rollout_targets: string[]
  rollout_controller: { percentage: number; percentage_split_point: number; allowlist: string[] } | null
  /** 0 runs, 1 is paused, 2 is stopped. */
  readonly pause_controller: { state: number }
}

export interface FakeKamalProxy {
  readonly service: KamalService
  /** Targets that fail their health check. */
  readonly unhealthy: Set<string>
  /** Changes something from outside. */
  change(make: (service: KamalService) => void): void
  answer(args: readonly string[]): ProgramAnswer
}

/** A stand-in for kamal-proxy: its commands, the table of `list`, the state file and the errors are those of its source. */
export function createFakeKamalProxy(stateFile: string, target: string): FakeKamalProxy {
  const unhealthy = new Set<string>()
  const service: KamalService = {
    name: 'app',
    options: { hosts: ['app.example.com'] },
    active_targets: [target],
    rollout_targets: [],
    rollout_controller: null,
    pause_controller: { state: 0 },
  }
  const save = (): void => writeFileSync(stateFile, JSON.stringify([service]))
  save()

  function deploy(words: readonly string[]): string | undefined {
    const wanted = optionOf(words, '--target') ?? ''
    if (unhealthy.has(wanted)) return 'target failed to become healthy within configured timeout'
    if (words[0] === 'rollout') {
      service.rollout_targets = [wanted]
      return undefined
    }
    const host = optionOf(words, '--host')
    service.active_targets = [wanted]
    service.options.hosts = host === undefined ? [] : [host]
    return undefined
  }

  function setRollout(percentage: number): string | undefined {
    if (service.rollout_targets.length === 0) return 'rollout target not set'
    service.rollout_controller = {
      percentage,
      percentage_split_point: (0xffffffff * percentage) / 100,
      allowlist: [],
    }
    return undefined
  }

  function run(words: readonly string[]): string | undefined {
    const verb = words.slice(0, words[0] === 'rollout' ? 2 : 1).join(' ')
    if (!words.includes(service.name)) return 'service not found'
    switch (verb) {
      case 'deploy':
      case 'rollout deploy':
        return deploy(words)
      case 'rollout set':
        return setRollout(Number(optionOf(words, '--percent')))
      case 'rollout stop':
        service.rollout_controller = null
        return undefined
      default:
        return `unknown command "${verb}" for "kamal-proxy"`
    }
  }

  return {
    service,
    unhealthy,
    change(make) {
      make(service)
      save()
    },
    answer(words) {
      if (words[0] === 'list') return { exitCode: 0, stdout: tableOf(service), stderr: '' }
      const error = run(words)
      if (error !== undefined) return { exitCode: 1, stdout: '', stderr: `Error: ${error}\n` }
      save()
      return { exitCode: 0, stdout: '', stderr: '' }
    },
  }
}

function optionOf(words: readonly string[], name: string): string | undefined {
  const place = words.indexOf(name)
  return place < 0 ? undefined : words[place + 1]
}

function tableOf({ name, options, active_targets: targets, pause_controller: { state } }: KamalService): string {
  const rows = [
    ['Service', 'Host', 'Path', 'Target', 'State', 'TLS'],
    [name, options.hosts.join(',') || '*', '/', targets.join(','), ['running', 'paused', 'stopped'][state] ?? '', 'no'],
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row, place) =>
    row.map((cell, column) => {
      const style = place === 0 ? '3;94' : column === 0 ? '1;34' : ''
      return `\u001b[${style}m${cell}\u001b[0m${' '.repeat((widths[column] ?? 0) - cell.length)}  `
    }),
  )
  return lines.map((cells) => `${cells.join('')}\n`).join('')
}
