import { BagboyError } from '../../errors/bagboy-error.ts'
import { textOf, type RepairProposal } from './propose-repair.ts'
import type { HistoryLocation } from '../history-location.ts'

/**
 * Puts the proposal in the place of the file. The file as it was stays in `backups/`, damaged records stay beside the
 * others under another name. @throws HISTORY_CHANGED when the file is no longer what the proposal was made from
 */
export async function acceptRepair(
  location: HistoryLocation,
  { before, after, damaged }: RepairProposal,
): Promise<void> {
  const { files, file, folder, label } = location
  const bytes = await files.read(file)
  if ((await textOf(location)) !== before) {
    throw new BagboyError(
      'HISTORY_CHANGED',
      `${label} was changed since the repair was proposed; nothing was written.`,
      {
        hint: 'Look at it again: bagboy-tui history repair',
      },
    )
  }
  await folder.prepare()
  if (bytes) await folder.createBackup((await folder.newestNumber()) + 1, bytes)
  for (const number of damaged) await folder.setAside(number)
  await files.replace(file, Buffer.from(after, 'utf8'))
}
