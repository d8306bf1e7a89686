import type { Version } from '../../../src/domain/version.ts'
import { docker } from '../../../src/registries/oci/driver.ts'
import { publishImage } from '../../support/releases/publish-image.ts'
import { missingDockerRegistry, startDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import type { Benchmark, Row } from '../benchmark.ts'
import { createDriverStep } from './driver-step.ts'
import { elapsed, measureRounds } from '../measure.ts'

const REPOSITORY = 'acme/myapp'

export const ociTag: Benchmark = {
  name: 'oci-tag',
  title: 'A tag of an image',
  about: [
    'The docker driver moves `latest` on a real docker-registry and reads it back (inspect, plan, act, inspect; a new',
    'connection, nothing remembered). Beside it `skopeo copy` and `skopeo inspect` do the same.',
  ].join('\n'),
  missing: async () => missingDockerRegistry(),
  run: measureTag,
}

async function measureTag(): Promise<readonly Row[]> {
  const server = await startDockerRegistry()
  try {
    const image = { url: server.url, repository: REPOSITORY }
    const old = await publishImage(image, { version: '1.2.0', tags: ['1.2.0'] })
    const bad = await publishImage(image, { version: '1.3.0', tags: ['1.3.0', 'latest'] })
    const restore = async () => void (await publishImage(image, { version: '1.3.0', tags: ['latest'] }))
    const pin = (digest: string) => ({
      tags: ['latest'],
      digest,
      media_type: 'application/vnd.oci.image.manifest.v1+json',
    })
    const step = createDriverStep({
      driver: docker,
      options: { insecure: true, tags: ['latest'] },
      subject: {
        package: { format: 'docker', registry: `${server.host}/${REPOSITORY}`, name: 'myapp' },
        from: { version: 'v1.3.0' as Version, pin: pin(bad.digest) },
        to: { version: 'v1.2.0' as Version, pin: pin(old.digest) },
      },
    })
    const { ours, skopeo } = await measureRounds({
      ours: { prepare: restore, run: () => elapsed(() => step.rollBack()) },
      skopeo: {
        prepare: restore,
        run: () => elapsed(() => tagWithSkopeo(`docker://${server.host}/${REPOSITORY}`, old.digest)),
      },
    })
    return [
      {
        goal: 'E3',
        what: 'tag moved and read back',
        ours,
        against: '`skopeo copy`, `skopeo inspect`',
        other: skopeo,
        ratio: 'faster',
        aim: '≥ 7',
      },
    ]
  } finally {
    await server.close()
  }
}

async function tagWithSkopeo(place: string, digest: string): Promise<void> {
  const plainHttp = ['--src-tls-verify=false', '--dest-tls-verify=false']
  await clientOutput('skopeo', [
    'copy',
    '--all',
    '--preserve-digests',
    ...plainHttp,
    `${place}@${digest}`,
    `${place}:latest`,
  ])
  const seen = await clientOutput('skopeo', [
    'inspect',
    '--tls-verify=false',
    '--format={{.Digest}}',
    `${place}:latest`,
  ])
  if (seen.trim() !== digest) throw new Error(`skopeo sees ${seen}`)
}
