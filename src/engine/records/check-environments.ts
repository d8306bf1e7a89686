import type { FileHistory } from '../../domain/deployment.ts'
import { everyEnvironment, type EnvironmentScope } from '../../domain/environment-history.ts'
import type { HistoryCheck } from '../../history/repair/verify-history.ts'

/** What the file says of each environment, and where it says less than it should. Pure. */
export function checkEnvironments(
  file: FileHistory,
  scope: Pick<EnvironmentScope, 'fileEnvironment'>,
): readonly HistoryCheck[] {
  const shown = everyEnvironment(file, scope)
  const names = [...new Set(shown.deployments.flatMap(({ environment }) => environment ?? []))].sort()
  const unnamed = file.deployments.filter(({ environment }) => environment === undefined)
  const regained = shown.deployments.filter(({ status }, at) => status !== file.deployments[at]?.status)
  return [
    ...(names.length > 1 ? names.map((name) => note(liveText(shown, name))) : []),
    ...regained.map(({ id, version, environment }) =>
      note(`@${id} ${version} counts as live in ${environment}: another environment took its status`),
    ),
    ...(names.length > 1 && unnamed.length > 0 ? [note(unnamedText(unnamed.length, scope.fileEnvironment))] : []),
  ]
}

function liveText({ deployments }: FileHistory, name: string): string {
  const here = deployments.filter(({ environment }) => environment === name)
  const live = here.find(({ status }) => status === 'active')
  const count = here.length === 1 ? 'one entry' : `${here.length} entries`
  return `${name}: ${count}, ${live ? `${live.version} (@${live.id}) is live` : 'nothing is live'}`
}

function unnamedText(count: number, name: string): string {
  const what = count === 1 ? 'one entry names' : `${count} entries name`
  return `${what} no environment and count for ${name}; write "environment:" into each where that is not so`
}

function note(detail: string): HistoryCheck {
  return { what: 'environments', state: 'note', detail, remedy: '' }
}
