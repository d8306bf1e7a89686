// A stand-in for kamal-proxy:  node kamal-proxy.ts STATE-FILE ARGUMENTS…
// Commands, the table of `list`, the state file and the errors are those of its source.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { KamalServices } from './kamal-services.ts'

const [file = '', ...words] = process.argv.slice(2)
const services = JSON.parse(readFileSync(file, 'utf8')) as KamalServices
const option = (name: string): string => words[words.indexOf(name) + 1] ?? ''

function fail(text: string): never {
  process.stderr.write(`Error: ${text}\n`)
  process.exit(1)
}

function save(): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(services))
  renameSync(`${file}.${process.pid}`, file)
}

function serviceCalled(name: string): KamalServices[number] {
  return services.find((service) => service.name === name) ?? fail('service not found')
}

function requireHealth(target: string): void {
  if (readFileSync(`${file}.unhealthy`, 'utf8').split('\n').includes(target)) {
    fail('target failed to become healthy within configured timeout')
  }
}

function list(): void {
  const rows = [
    ['Service', 'Host', 'Path', 'Target', 'State', 'TLS'],
    ...services.map(({ name, options, active_targets: targets, pause_controller: { state } }) => [
      name,
      options.hosts.join(',') || '*',
      '/',
      targets.join(','),
      ['running', 'paused', 'stopped'][state] ?? '',
      'no',
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const [place, row] of rows.entries()) {
    const style = (column: number): string => (place === 0 ? '3;94' : column === 0 ? '1;34' : '')
    const cells = row.map(
      (cell, column) => `\u001b[${style(column)}m${cell}\u001b[0m${' '.repeat((widths[column] ?? 0) - cell.length)}  `,
    )
    process.stdout.write(`${cells.join('')}\n`)
  }
}

function deploy(name: string): void {
  requireHealth(option('--target'))
  const service = serviceCalled(name)
  service.active_targets = [option('--target')]
  service.options.hosts = words.includes('--host') ? [option('--host')] : []
  save()
}

function rollout(verb: string, name: string): void {
  const service = serviceCalled(name)
  if (verb === 'deploy') {
    requireHealth(option('--target'))
    service.rollout_targets = [option('--target')]
  } else if (verb === 'set') {
    if (service.rollout_targets.length === 0) fail('rollout target not set')
    const percentage = Number(option('--percent'))
    service.rollout_controller = { percentage, percentage_split_point: (0xffffffff * percentage) / 100, allowlist: [] }
  } else {
    service.rollout_controller = null
  }
  save()
}

const [first = '', second = '', third = ''] = words
if (first === 'list') list()
else if (first === 'deploy') deploy(second)
else if (first === 'rollout' && ['deploy', 'set', 'stop'].includes(second)) rollout(second, third)
else fail(`unknown command "${first}" for "kamal-proxy"`)
