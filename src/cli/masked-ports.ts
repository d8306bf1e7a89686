import type { Secrets } from '../platform/platform.ts'
import { addProjectFlags, type ProjectFlags } from './requests/project-flags.ts'
import type { CliPorts, TextOutput } from './ports.ts'

/**
 * The same ports with output that masks every secret resolved on their platform, and whose proposed commands name the
 * same project and environment as this one.
 */
export function maskedPorts(ports: CliPorts, flags: ProjectFlags = {}): CliPorts {
  let secrets: Secrets | undefined
  const masked = (output: TextOutput): TextOutput => ({
    ...output,
    write: (text) => output.write(addProjectFlags(secrets?.maskLong(text) ?? text, flags)),
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
