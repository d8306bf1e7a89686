import type { Slot } from '../../domain/traffic/traffic.ts'
import type { ServerAnswer } from './loopback-server.ts'

/** Who answers. */
export interface Answering {
  /** Bare. */
  readonly version: string
  /** Where there are several copies. */
  readonly slot?: Slot
}

const PATHS: ReadonlySet<string> = new Set(['/', '/health', '/login'])

/** What one version of the sandbox's application answers; `broken` is the page that fails in it. Pure. */
export function answerPage(page: string, who: Answering, broken: string | undefined): ServerAnswer {
  if (!PATHS.has(page)) return { status: 404 }
  const isBroken = broken === page
  const body = { status: isBroken ? 'fail' : 'ok', ...who, ...(isBroken ? { error: 'no session store' } : {}) }
  return {
    status: isBroken ? 500 : 200,
    headers: {
      'content-type': 'application/json',
      'x-app-version': who.version,
      ...(who.slot === undefined ? {} : { 'x-app-slot': who.slot }),
    },
    body: `${JSON.stringify(body)}\n`,
  }
}
