import type { Secrets } from '../platform/platform.ts'
import type { CliPorts, TextOutput } from './ports.ts'

/** The same ports, whose output never holds a secret that was resolved on their platform. */
export function maskedPorts(ports: CliPorts): CliPorts {
  let secrets: Secrets | undefined
  const masked = (output: TextOutput): TextOutput => ({
    ...output,
    write: (text) => output.write(secrets?.maskLong(text) ?? text),
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
