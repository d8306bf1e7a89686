import { sanitize } from '../domain/text/sanitize.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { Platform, Trust } from '../platform/platform.ts'

/** The world as a project may use it: while it is not trusted, nothing runs but programs of our own choice. */
export function guardPlatform(platform: Platform, trust: Trust): Platform {
  return {
    ...platform,
    trust,
    exec: async (request, signal) => {
      if (request.isOwnProgram === true || trust.isGiven()) return platform.exec(request, signal)
      throw notTrusted(`${sanitize([request.file, ...request.args].join(' '), 200)} was not run`)
    },
  }
}
