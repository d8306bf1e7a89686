import { APP, type FourRegistries } from './four-registries.ts'
import { readTagDigest } from '../releases/publish-image.ts'

/** Everything a rollback may move, read past the proxies, by format. */
export interface RegistryPointers {
  readonly docker: readonly (string | null)[]
  readonly npm: unknown
  readonly brew: string | undefined
  readonly scoop: string | undefined
}

export async function readPointers({ image, packages, tap, bucket }: FourRegistries): Promise<RegistryPointers> {
  const packument = (await (await fetch(`${packages.url}/${APP}`)).json()) as {
    'dist-tags': unknown
    versions: Readonly<Record<string, { readonly deprecated?: string }>>
  }
  const deprecated = Object.entries(packument.versions).map(([version, entry]) => [version, entry.deprecated])
  return {
    docker: await Promise.all(['latest', 'stable', '1.2.0', '1.3.0'].map((tag) => readTagDigest(image, tag))),
    npm: { tags: packument['dist-tags'], deprecated },
    brew: tap.read(`Formula/${APP}.rb`),
    scoop: bucket.read(`bucket/${APP}.json`),
  }
}
