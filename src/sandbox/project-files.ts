import { blueGreenText, SLOT_ANALYSIS, slotChecksText } from './blue-green-files.ts'
import { MOVING_TAGS } from './publish-image.ts'
import { FORMULA, SCOOP_MANIFEST } from './publish-releases.ts'
import { APP } from './release-files.ts'
import type { SandboxRegistries } from './sandbox-registries.ts'

/** `bagboy.yaml` of the sandbox's project. `version` is what was deployed last. */
export function configText(version: string, registries: SandboxRegistries): string {
  const { names, tap, bucket, serviceUrl, blueGreen } = registries
  return `# The sandbox of: bagboy-tui demo
name: ${APP}
version: ${version}

deployment:
  environment: production

  history:
    file: .bagboy/deployment-history.yml
    keep: 25
    keep_healthy: 3
${serviceUrl === undefined ? '' : watchText(serviceUrl, blueGreen)}
  rollback:
    hold: true
    parallelism: 4
    on_partial_failure: pause
${serviceUrl === undefined ? '' : TRIGGERS}
  registries:
    - format: docker
      registry: ${JSON.stringify(names.docker)}
      tags: [${MOVING_TAGS.join(', ')}]
      insecure: true
    - format: npm
      registry: ${JSON.stringify(names.npm)}
      package: ${APP}
      tag: latest
      deprecate_bad: true
    - format: brew
      registry: ${names.brew}
      remote: ${JSON.stringify(tap)}
      branch: main
      path: ${FORMULA}
    - format: scoop
      registry: ${names.scoop}
      remote: ${JSON.stringify(bucket)}
      branch: main
      path: ${SCOOP_MANIFEST}
`
}

/** What is asked of the running application, and, before a rollback, of the version to go back to. */
function watchText(url: string, blueGreen: SandboxRegistries['blueGreen']): string {
  return `
  health_checks:
    - name: health
      url: ${url}/health
      interval: 1s
      timeout: 2s
      expect: { json: { $.status: ok } }
    - name: login
      url: ${url}/login
      interval: 1s
      timeout: 2s
${blueGreen ? slotChecksText(blueGreen) : targetCheckText(url)}${blueGreen ? blueGreenText(blueGreen) : ''}
  analysis:
    window: 5s
    interval: 1s
${blueGreen ? SLOT_ANALYSIS : ''}`
}

function targetCheckText(url: string): string {
  return `    - name: login of the target
      url: ${url}/versions/\${version}/login
      target: preview
      interval: 2s
      timeout: 2s
`
}

const TRIGGERS = `    auto_trigger:
      - health_check_failures: 3
      - response_time_threshold: 500ms
`

/** The project's `.npmrc`: with it the npm command works in the project's folder as it is. */
export function npmrcText({ packageUrl, packageToken }: SandboxRegistries): string {
  const { host } = new URL(packageUrl)
  return `registry=${packageUrl}/\n//${host}/:_authToken=${packageToken}\n`
}
