import { resolve } from 'node:path'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { renderTrust } from '../../../view/trust-lines.ts'

/** Shows what a project would run and where secrets would go, and trusts exactly that when a person says so. */
export async function runTrust(invocation: Invocation): Promise<number> {
  const { args, options, output, ports, platform, projectOptions } = invocation
  const [path] = args
  const { engine } = await (path === undefined
    ? invocation.open()
    : ports.openApp(platform, { ...projectOptions, cwd: resolve(projectOptions.cwd, path) }))
  const seen = await engine.trust()
  const isOpen = seen.state === 'untrusted' || seen.state === 'changed'
  if (!isOpen || options.isSet('show')) {
    await output.answer(seen, () => renderTrust(seen))
    return EXIT.ok
  }
  output.note(...renderTrust(seen), '')
  await confirm(invocation, 'Trust this folder with all of that?')
  const given = await engine.giveTrust(seen.hash)
  await output.answer(given, () => [{ text: 'Trusted. You are asked again when any of that changes.', tone: 'ok' }])
  return EXIT.ok
}
