import { MOVING_TAGS } from './publish-image.ts'
import { FORMULA, SCOOP_MANIFEST } from './publish-releases.ts'
import { APP } from './release-files.ts'
import type { SandboxRegistries } from './sandbox-registries.ts'

/** `bagboy.yaml` of the sandbox's project. `version` is what was deployed last. */
export function configText(version: string, { names, tap, bucket }: SandboxRegistries): string {
  return `# The sandbox of: bagboy-tui demo
name: ${APP}
version: ${version}

deployment:
  environment: production

  history:
    file: .bagboy/deployment-history.yml
    keep: 25
    keep_healthy: 3

  rollback:
    hold: true
    parallelism: 4
    on_partial_failure: pause

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

/** The project's `.npmrc`: with it the npm command works in the project's folder as it is. */
export function npmrcText({ packageUrl, packageToken }: SandboxRegistries): string {
  const { host } = new URL(packageUrl)
  return `registry=${packageUrl}/\n//${host}/:_authToken=${packageToken}\n`
}
