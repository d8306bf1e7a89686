import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface Prometheus {
  readonly url: string
  /** Settles with the value of an instant query as soon as it has one that `isWanted`. */
  readonly waitForValue: (query: string, isWanted: (value: string) => boolean) => Promise<string>
  readonly close: () => Promise<void>
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingPrometheus(): string | undefined {
  return findProgram('prometheus') ? undefined : 'not installed: prometheus (apt-get install prometheus)'
}

/** A real Prometheus that scrapes one service four times a second. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = temporaryFolder('prometheus')
  const configuration = join(folder, 'prometheus.yml')
  const lines = [
    'global: {scrape_interval: 250ms, scrape_timeout: 240ms}',
    `scrape_configs: [{job_name: app, static_configs: [{targets: [${JSON.stringify(target)}]}]}]`,
  ]
  writeFileSync(configuration, `${lines.join('\n')}\n`)
  const server = startChildServer('prometheus', [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ])
  const host = await server.waitFor(async () => /"Listening on" address=(127\.0\.0\.1:\d+)/u.exec(server.output())?.[1])
  const url = `http://${host}`
  const ask = async (query: string): Promise<string | undefined> => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)
    if (!answer.ok) return undefined
    const { data } = (await answer.json()) as { data: { result: readonly { value: readonly [number, string] }[] } }
    return data.result[0]?.value[1]
  }
  return {
    url,
    waitForValue: (query, isWanted) =>
      server.waitFor(async () => {
        const value = await ask(query)
        return value !== undefined && isWanted(value) ? value : undefined
      }),
    close: () => server.stop(),
  }
}
