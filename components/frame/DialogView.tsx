import type { ReactNode } from 'react'
import type { ChoiceDialog, Dialog, FindingsDialog } from '../../store/dialog/dialog.ts'
import { wrap, wrapIndented } from '../format/text.ts'
import { Modal, modalInner } from '../primitives/Modal.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Select } from '../primitives/Select.tsx'
import { fittedConfirmLines, TypeToConfirm } from '../primitives/TypeToConfirm.tsx'
import { TrustView } from '../trust/TrustView.tsx'
import { useLayout } from '../store-context.ts'
import { findingBadge } from '../../src/view/badges.ts'
import { plain, span, type Line } from '../primitives/line.ts'

interface Props {
  readonly dialog: Dialog
  readonly onSelect: (value: string) => void
}

/** Whatever is asked or shown in front of the screen. */
export function DialogView({ dialog, onSelect }: Props): ReactNode {
  const { columns, contentRows } = useLayout()
  const width = modalInner(columns)
  switch (dialog.kind) {
    case 'confirm':
      return (
        <Modal
          title={dialog.title}
          contentRows={fittedConfirmLines(dialog, { width, height: contentRows - MODAL_FRAME }).length}
        >
          {(inner) => <TypeToConfirm dialog={dialog} {...inner} />}
        </Modal>
      )
    case 'menu':
      return (
        <Modal title={dialog.title} contentRows={dialog.options.length + 1}>
          {() => <Select options={dialog.options} onSelect={onSelect} />}
        </Modal>
      )
    case 'trust':
      return <TrustView dialog={dialog} />
    case 'choice':
      return page(dialog.title, choiceLines(dialog, width, contentRows - MODAL_FRAME), 0)
    case 'secret':
      return page(
        dialog.title,
        [[], [span('  ┃ ', 'accent'), span('*'.repeat(dialog.typed.length)), span('▏', 'accent')], []],
        0,
      )
    case 'findings':
      return page('Checks before anything moves', findingLines(dialog, width), Math.max(0, dialog.index * 2 - 6))
    case 'text':
      return page(
        dialog.title,
        dialog.lines.flatMap((line) => wrapIndented(line, width - 2)).map((line) => plain(` ${line}`)),
        dialog.offset,
      )
  }
}

const MODAL_FRAME = 2

function page(title: string, lines: readonly Line[], offset: number): ReactNode {
  return (
    <Modal title={title} contentRows={lines.length}>
      {(inner) => <ScrollView lines={lines} offset={offset} moreKey="j" {...inner} />}
    </Modal>
  )
}

/** The options always fit; of the facts, as many as there is room for. */
function choiceLines(dialog: ChoiceDialog, width: number, height: number): readonly Line[] {
  const facts = dialog.facts.flatMap((fact) => wrap(fact, width - 4)).map((line) => plain(`  ${line}`))
  const options = dialog.options.flatMap(({ label }, index) => {
    const isHere = index === dialog.index
    return wrap(label, width - 4).map((text, at): Line => {
      const mark = isHere && at === 0 ? ' ▶ ' : '   '
      return [span(mark, 'accent'), span(text, isHere ? 'strong' : 'text')]
    })
  })
  const room = height - options.length - 3
  const left = facts.length - Math.max(1, room - 1)
  const shown = facts.length <= room ? facts : [...facts.slice(0, -left), plain(`  and ${left} more`, 'dim')]
  return [[], ...shown, [], ...options, []]
}

function findingLines(dialog: FindingsDialog, width: number): readonly Line[] {
  return dialog.findings.flatMap((finding, index): readonly Line[] => {
    const badge = findingBadge(finding.severity)
    const isOn = dialog.overrides.includes(finding.code)
    const override = finding.severity !== 'block' ? '' : isOn ? '  overridden' : '  space overrides it'
    const [title = '', ...more] = wrap(finding.title, width - 12 - override.length)
    const tone = index === dialog.index ? 'strong' : 'text'
    const detail = [finding.detail, finding.remedy].filter((part) => part !== '').join(' ')
    return [
      [
        span(index === dialog.index ? ' ▶ ' : '   ', 'accent'),
        span(`${badge.glyph} ${finding.code}  `, badge.tone),
        span(title, tone),
        span(override, 'warning'),
      ],
      ...more.map((line) => plain(`          ${line}`, tone)),
      ...(detail === '' || finding.severity === 'ok'
        ? []
        : wrap(detail, width - 12).map((line) => plain(`          ${line}`, 'dim'))),
    ]
  })
}
