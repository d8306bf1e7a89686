import { isSlot, type PerSlot, type Slot } from '../../../domain/traffic/traffic.ts'
import { bareVersion, parseVersion } from '../../../domain/version.ts'
import { answerPage } from '../application-page.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerAnswer,
  type ServerRequest,
} from '../loopback-server.ts'

/** The two copies of the sandbox's application, each a service of its own that runs one version. */
export interface Slots {
  readonly servers: PerSlot<LoopbackServer>
  /** `PUT <url>/<slot>` with `{ "version": "1.18.0" }` has that slot run another version; `GET` says which one it runs. */
  readonly control: LoopbackServer
  close(): Promise<void>
}

export interface SlotsOptions {
  /** What each slot runs at first. Bare. */
  readonly versions: PerSlot<string>
  /** What fails in which version: bare version → path. Looked at with every request. */
  readonly failing: ReadonlyMap<string, string>
  readonly latencyMs?: number
}

export async function startSlots({ versions, failing, latencyMs = 0 }: SlotsOptions): Promise<Slots> {
  const running: Record<Slot, string> = { ...versions }
  const serve = (slot: Slot) =>
    listenOnLoopback(
      answerWith(({ path }) => {
        const version = running[slot]
        return answerPage(path, { version, slot }, failing.get(version))
      }, latencyMs),
    )
  const [blue, green, control] = await Promise.all([
    serve('blue'),
    serve('green'),
    listenOnLoopback(answerWith((request) => answerControl(running, request))),
  ])
  const close = async (): Promise<void> => void (await Promise.all([blue.close(), green.close(), control.close()]))
  return { servers: { blue, green }, control, close }
}

function answerControl(running: Record<Slot, string>, { method, path, body }: ServerRequest): ServerAnswer {
  const slot = path.slice(1)
  if (!isSlot(slot)) return refusal(404, 'There are two slots: /blue and /green.')
  if (method === 'GET') return told(running, slot)
  if (method !== 'PUT') return refusal(405, 'GET says what a slot runs, PUT changes it.')
  const version = wantedVersion(body.toString())
  if (version === undefined) return refusal(400, 'Say which version: {"version":"1.18.0"}')
  running[slot] = version
  return told(running, slot)
}

function wantedVersion(body: string): string | undefined {
  try {
    const { version } = JSON.parse(body) as { readonly version?: unknown }
    const parsed = typeof version === 'string' ? parseVersion(version) : undefined
    return parsed === undefined ? undefined : bareVersion(parsed)
  } catch {
    return undefined
  }
}

function told(running: PerSlot<string>, slot: Slot): ServerAnswer {
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: `${JSON.stringify({ slot, version: running[slot] })}\n` }
}

function refusal(status: number, text: string): ServerAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: `${text}\n` }
}
