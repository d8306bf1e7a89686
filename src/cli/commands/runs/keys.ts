import { sanitize } from '../../../domain/text/sanitize.ts'
import { EXIT } from '../../../errors/codes.ts'
import { ensureMachineKey, machineKeyFile } from '../../../signing/machine-key.ts'
import { readTrustedKeys, trustedKeysFile, trustKey } from '../../../signing/trusted-keys.ts'
import type { Invocation } from '../../command.ts'
import { renderTable } from '../../../view/table.ts'
import type { Line } from '../../../view/text.ts'

/** The key that this user's journals on this machine are signed with, and those of colleagues that are trusted. */
export async function runRunsKeys({ platform, output }: Invocation): Promise<number> {
  const own = await ensureMachineKey(platform)
  const trusted = await readTrustedKeys(platform)
  const answer = {
    own: { id: own.id, key: own.text, file: machineKeyFile(platform) },
    trusted: trusted.map(({ key, name }) => ({ id: key.id, key: key.text, name })),
    trustedFile: trustedKeysFile(platform),
  }
  await output.answer(answer, () => {
    const rows = [
      [own.id, own.text, `${platform.host.user} on ${platform.host.name} (this machine)`],
      ...trusted.map(({ key, name }) => [key.id, key.text, name]),
    ]
    const note = `Trusted keys are in ${sanitize(answer.trustedFile)}; remove a line there to revoke a key.`
    const lines: readonly Line[] = [
      ...renderTable(
        COLUMNS,
        rows.map((row) => row.map(sanitize)),
      ),
      '',
      note,
    ]
    return lines
  })
  return EXIT.ok
}

const COLUMNS = [{ title: 'ID' }, { title: 'KEY' }, { title: 'OF' }] as const

/** Trusts the key of another machine, so that its runs in a shared folder count as ours. */
export async function runRunsTrustKey({ args, options, platform, output }: Invocation): Promise<number> {
  const { key, name } = await trustKey(platform, args[0] ?? '', options.text('name'))
  await output.answer({ id: key.id, key: key.text, name }, () => [
    `Runs signed with ${key.id}${name === '' ? '' : ` (${name})`} in a shared folder count as yours.`,
  ])
  return EXIT.ok
}
