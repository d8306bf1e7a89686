import type { Secrets } from '../platform/platform.ts'
import { namePlace, type NamedPlace } from './requests/name-place.ts'
import type { CliPorts, TextOutput } from './ports.ts'

/**
 * The same ports with output that masks every secret resolved on their platform, and whose proposed commands name the
 * same project and environment as this one.
 */
export function maskedPorts(ports: CliPorts, place: NamedPlace = {}): CliPorts {
  let secrets: Secrets | undefined
  const masked = (output: TextOutput): TextOutput => ({
    ...output,
    write: (text) => output.write(namePlace(secrets?.maskLong(text) ?? text, place)),
  })
  return {
    ...ports,
    stdout: masked(ports.stdout),
    stderr: masked(ports.stderr),
    async loadPlatform() {
      const platform = await ports.loadPlatform()
      secrets = platform.secrets
      return platform
    },
  }
}
