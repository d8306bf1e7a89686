import { z } from 'zod'
import { parseJson } from '../../domain/text/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpResponse } from '../../platform/platform.ts'
import { answerError, type ErrorContext } from '../../http-api/http-errors.ts'
import { mapConcurrently } from '../../platform/limit-concurrency.ts'
import type { Snapshot } from '../driver.ts'
import type { OciClient } from './oci-client.ts'

/** How registries say that a tag keeps what it has: ECR, Harbor, Docker Hub, Quay, Artifact Registry, Artifactory, Nexus, ACR. */
const WORDS =
  /immutab|overwrit|can(?:not|'t) (?:be )?(?:updat|modif|chang)|does not allow updating|tag .{0,140}already exists|operation is disallowed|(?:tag|artifact|image) is (?:locked|protected)/iu
const PARALLEL_COUNT = 4

/** Whether a refused write was refused because the tag may not move. Pure. */
export function saysImmutable({ status, body }: HttpResponse): boolean {
  return status >= 400 && status <= 499 && WORDS.test(new TextDecoder().decode(body.subarray(0, 4096)))
}

/** For a tag that the registry does not let us move. */
export function immutableError(answer: HttpResponse, tag: string, errorContext: ErrorContext): BagboyError {
  const { message } = answerError(answer, errorContext)
  return new BagboyError('REGISTRY_REJECTED', message, {
    hint: `${remedyFor([tag])}.`,
    details: { status: answer.status },
  })
}

function remedyFor(tags: readonly string[]): string {
  return `Take ${tags.join(', ')} out of the registry's rule for immutable tags, or name other tags in bagboy.yaml (tags:)`
}

/** A registry that says by an API of its own, before anything is written, that a tag may not move. */
interface ImmutableApi {
  /** What it calls itself where it asks for a login. */
  readonly service: RegExp
  /** Behind the registry's own address. */
  path(repository: string, tag: string, digest: string): string
  isImmutable(answer: unknown, tag: string): boolean
}

const harborTags = z.array(z.object({ name: z.string(), immutable: z.boolean().nullish() }))
const acrTag = z.object({ tag: z.object({ changeableAttributes: z.object({ writeEnabled: z.boolean().nullish() }) }) })

const APIS: readonly ImmutableApi[] = [
  {
    service: /^harbor-registry$/u,
    path(repository, _tag, digest) {
      const [project = '', ...rest] = repository.split('/')
      // Harbor decodes the name twice.
      const name = encodeURIComponent(encodeURIComponent(rest.join('/')))
      return `/api/v2.0/projects/${project}/repositories/${name}/artifacts/${digest}/tags?with_immutable_status=true&page_size=100`
    },
    isImmutable: (answer, tag) =>
      harborTags.safeParse(answer).data?.some(({ name, immutable }) => name === tag && immutable === true) ?? false,
  },
  {
    service: /\.azurecr\.(?:io|cn|us)$/u,
    path: (repository, tag) => `/acr/v1/${repository}/_tags/${tag}`,
    isImmutable: (answer) => acrTag.safeParse(answer).data?.tag.changeableAttributes.writeEnabled === false,
  },
]

/**
 * Which of these tags the registry says it will not move; empty where it has no way to say so, or does not answer: then
 * the first write shows it. @throws REGISTRY_UNREACHABLE, REGISTRY_TIMEOUT
 */
export async function findImmutableTags(
  client: OciClient,
  tags: readonly (readonly [tag: string, digest: string])[],
): Promise<readonly string[]> {
  const api = APIS.find(({ service }) => service.test(client.service()))
  if (!api) return []
  const found = await mapConcurrently(tags, PARALLEL_COUNT, async ([tag, digest]) => {
    const answer = await client.queryApi(api.path(client.reference.repository, tag, digest))
    return answer?.status === 200 && api.isImmutable(parseJson(answer.body), tag) ? [tag] : []
  })
  return found.flat()
}

/** What a plan says of tags that the registry will not move. Pure. */
export function immutableNote(tags: readonly string[]): NonNullable<Snapshot['accessNote']> {
  return { detail: `The registry says that it will not move ${tags.join(', ')}.`, remedy: remedyFor(tags) }
}
