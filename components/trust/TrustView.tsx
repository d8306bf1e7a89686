import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { TrustDialog } from '../../store/dialog/dialog.ts'
import { wrapIndented } from '../format/text.ts'
import { Modal } from '../primitives/Modal.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { plain, span, type Line } from '../primitives/line.ts'

const WRAP = 66

/** What a project would run and send, and the answer that Enter gives, below it whatever is scrolled. */
export function TrustView({ dialog }: { readonly dialog: TrustDialog }): ReactNode {
  const lines = dialog.lines.flatMap((line) => wrapIndented(line, WRAP)).map((line) => plain(` ${line}`))
  const answers = [answer('Look only', !dialog.isTrusting), answer('Trust this folder', dialog.isTrusting)]
  return (
    <Modal title="Is this folder trusted?" contentRows={lines.length + answers.length + 1}>
      {({ width, height }) => (
        <Box flexDirection="column" width={width} height={height}>
          <ScrollView
            lines={lines}
            offset={dialog.offset}
            moreKey="j"
            width={width}
            height={Math.max(1, height - answers.length - 1)}
          />
          <Lines lines={[[], ...answers]} width={width} />
        </Box>
      )}
    </Modal>
  )
}

function answer(label: string, isChosen: boolean): Line {
  return [span(isChosen ? ' ▶ ' : '   ', 'accent'), span(label, isChosen ? 'strong' : 'text')]
}
