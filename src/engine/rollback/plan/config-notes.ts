import type { Config } from '../../../config/config.ts'
import type { PackageRef } from '../../../domain/deployment.ts'
import type { RunView } from '../../../events/project-run.ts'

/**
 * What a run that is taken up uses when the configuration is no longer the one it was planned with: the plan decides what
 * is written, the configuration how a registry is reached. Empty when nothing changed. Pure.
 */
export function configNotes({ id, plan }: RunView, config: Config): readonly string[] {
  if (plan.configHash === config.hash) return []
  const isConfigured = ({ format, registry }: PackageRef): boolean =>
    format === 'traffic'
      ? config.blueGreen !== null
      : config.registries.some((one) => one.format === format && one.registry === registry)
  const gone = plan.steps.filter(({ package: ref }) => !isConfigured(ref))
  return [
    `The configuration changed since this run was planned. The plan decides versions, pointers, order and time limits; ${config.file} decides how registries are reached.`,
    ...gone.map(
      ({ id: step, package: { format } }) =>
        `${step} is not configured now; it is reached with the defaults of ${format}. To leave it out: bagboy-tui runs skip ${id} ${step} --reason TEXT`,
    ),
  ]
}
