import { sanitize } from '../../../domain/text/sanitize.ts'
import { EXIT } from '../../../errors/codes.ts'
import { openTrustStore } from '../../../trust/trust-store.ts'
import type { Invocation } from '../../command.ts'
import { renderTable } from '../../../view/table.ts'

export async function runTrustList({ platform, output }: Invocation): Promise<number> {
  const records = await openTrustStore(platform).list()
  const shown = records.map(({ file, at, source, lines }) => ({ file, since: at, source, parts: lines.length }))
  await output.answer(output.format === 'ndjson' ? shown : { trusted: shown }, () =>
    shown.length === 0
      ? ['No folder is trusted.']
      : renderTable(
          [{ title: 'CONFIGURATION' }, { title: 'SINCE' }, { title: 'BY' }],
          shown.map(({ file, since, source }) => [sanitize(file), since, source === 'answer' ? 'you' : 'first record']),
        ),
  )
  return EXIT.ok
}
