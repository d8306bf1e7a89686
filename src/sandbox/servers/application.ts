import { IMAGE } from '../publish-image.ts'
import { answerPage } from './application-page.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerAnswer,
  type ServerRequest,
} from './loopback-server.ts'
import type { OciStore } from './oci/oci-store.ts'

/** The sandbox's application as its users meet it. */
export interface Application extends LoopbackServer {
  /** From now on this version fails too. Bare. */
  breakVersion(version: string): void
}

export interface ApplicationOptions {
  readonly images: OciStore
  /** What fails in which version: bare version → path. */
  readonly failing: ReadonlyMap<string, string>
  readonly latencyMs?: number
  readonly port?: number
}

/** The tag it is deployed by: the version it points at runs a moment later. */
const DEPLOYED_TAG = 'stable'

/**
 * Runs the version the container registry's `stable` tag points at, as if every move of it were deployed, and any other
 * one beside it under `/versions/<version>/`.
 */
export async function startApplication({
  images,
  failing,
  latencyMs = 0,
  port,
}: ApplicationOptions): Promise<Application> {
  const broken = new Map(failing)
  const answer = ({ path }: ServerRequest): ServerAnswer => {
    const [, version = runningVersion(images), page = path] = /^\/versions\/([^/]+)(\/.*)$/u.exec(path) ?? []
    return answerPage(page, { version }, broken.get(version))
  }
  const server = await listenOnLoopback(answerWith(answer, latencyMs), port)
  return { ...server, breakVersion: (version) => void broken.set(version, '/login') }
}

/** The version whose own tag has the digest of the deployed one; empty when there is none. */
function runningVersion(images: OciStore): string {
  const tags = images.repositories.get(IMAGE)?.tags ?? new Map<string, string>()
  const digest = tags.get(DEPLOYED_TAG)
  return [...tags].find(([tag, found]) => found === digest && /^\d/u.test(tag))?.[0] ?? ''
}
