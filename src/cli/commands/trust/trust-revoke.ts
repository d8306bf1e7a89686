import { resolve } from 'node:path'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import { openTrustStore } from '../../../trust/trust-store.ts'
import type { Invocation } from '../../command.ts'

/** Revokes the trust in a folder, also when the folder is gone. */
export async function runTrustRevoke(invocation: Invocation): Promise<number> {
  const { args, platform, projectOptions, output } = invocation
  const store = openTrustStore(platform)
  const path = resolve(projectOptions.cwd, args[0] ?? '.')
  const real = (await platform.files.realPath(path)) ?? path
  const found = (await store.list()).filter(({ file }) => file === real || isDirectlyIn(file, real))
  if (found.length === 0) {
    throw new BagboyError('USAGE', `${sanitize(real)} is not trusted, so nothing was taken back.`, {
      hint: 'See what is: bagboy-tui trust list',
    })
  }
  for (const { file } of found) await store.revoke(file)
  const revoked = found.map(({ file }) => file)
  await output.answer({ revoked }, () => revoked.map((file) => `No longer trusted: ${sanitize(file)}`))
  return EXIT.ok
}

function isDirectlyIn(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/')
}
