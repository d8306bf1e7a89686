import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectConfig, startFourRegistries, type FourRegistries } from '../registries/four-registries.ts'
import { GIT_ENVIRONMENT, runClient, type ClientResult } from '../processes/run-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const BIN = join(import.meta.dirname, '../../../bin/bagboy-tui.ts')

export interface Project {
  readonly root: string
  readonly registries: FourRegistries
  readonly env: Readonly<Record<string, string>>
  /** Runs the program in the project's folder, as an operator or a CI job does. */
  bagboy(...args: readonly string[]): Promise<ClientResult>
  close(): Promise<void>
}

/** A project whose v1.1.0, v1.2.0 and v1.3.0 were published on four registries and recorded by `bagboy-tui record`. */
export async function createProject(
  kind: 'real' | 'local',
  options: {
    /** Lines under `rollback:`; `limits` replaces the ones every project has. */
    readonly rollback?: string
    readonly limits?: string
    readonly versions?: readonly string[]
  } = {},
): Promise<Project> {
  const folder = temporaryFolder('project')
  const registries = await startFourRegistries(kind, folder)
  const root = temporaryFolder('checkout')
  writeFileSync(join(root, 'bagboy.yaml'), projectConfig(registries, options.rollback, options.limits))
  const env = { ...GIT_ENVIRONMENT, ...registries.env, NO_COLOR: '1' }
  const bagboy = (...args: readonly string[]) =>
    runClient(process.execPath, [BIN, ...args], { cwd: root, env, timeoutMs: 120_000 })
  for (const version of options.versions ?? ['1.1.0', '1.2.0', '1.3.0']) {
    await registries.publish(version)
    const { exitCode, stderr } = await bagboy('record', '--version', `v${version}`, '--commit', 'abc1234')
    if (exitCode !== 0) throw new Error(`record v${version} ended with ${exitCode}: ${stderr}`)
  }
  for (const proxy of Object.values(registries.proxies)) proxy.forget()
  return { root, registries, env, bagboy, close: () => registries.close() }
}
