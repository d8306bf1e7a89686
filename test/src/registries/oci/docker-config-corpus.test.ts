import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { findDockerLogin, mayHaveDockerLogin } from '../../../../src/registries/oci/login/docker-login.ts'
import { parseOciReference } from '../../../../src/registries/oci/oci-reference.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { platformWith } from '../../../support/test-platform.ts'
import { DOCKER_CONFIGS, HELPERS, type DockerConfigSample } from './docker-config-corpus.ts'

const programs = temporaryFolder('docker-helpers')
for (const [name, script] of Object.entries(HELPERS)) {
  const file = join(programs, `docker-credential-${name}`)
  writeFileSync(file, `#!/bin/sh\nread -r server\n${script}\n`)
  chmodSync(file, 0o755)
}

async function ask({ config, env }: DockerConfigSample) {
  const home = temporaryFolder('docker-home')
  mkdirSync(join(home, '.docker'))
  if (config !== undefined) writeFileSync(join(home, '.docker/config.json'), config)
  const platform = platformWith({ HOME: home, PATH: `${programs}:${process.env['PATH']}`, ...env })
  const subject = parseOciReference('registry.example.com/team/app', false)
  const request = { platform, signal: new AbortController().signal, timeoutMs: 5000 }
  const found = await findDockerLogin(subject, request).then(
    (login) => ({ login: login ? `${login.user}:${login.secret}` : 'none', report: null }),
    (error: unknown) => ({ login: toErrorReport(error).code, report: toErrorReport(error) }),
  )
  return { ...found, mayHave: await mayHaveDockerLogin(subject, platform).catch(() => false) }
}

describe('what docker login stored is found, with', () => {
  test.each(DOCKER_CONFIGS.map((sample) => [sample.what, sample] as const))('%s', async (_what, sample) => {
    const { login, report, mayHave } = await ask(sample)

    expect(login).toBe(sample.login)
    // Where one is found, it was known before that there may be one.
    expect(mayHave || login === 'none' || report !== null).toBe(true)
    expect(JSON.stringify(report)).not.toContain('s3cret')
  })
})

test('at least sixty configurations are read', () => {
  expect(DOCKER_CONFIGS.length).toBeGreaterThanOrEqual(60)
})
