import type { ReactNode } from 'react'
import type { ChoiceDialog, Dialog, FindingsDialog } from '../../store/dialog.ts'
import { wrap, wrapIndented } from '../format/text.ts'
import { Modal } from '../primitives/Modal.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Select } from '../primitives/Select.tsx'
import { plain, span, type Line } from '../primitives/TextLine.tsx'
import { confirmLines, TIGHT_ROWS, TypeToConfirm } from '../primitives/TypeToConfirm.tsx'
import { TrustView } from './TrustView.tsx'
import { useLayout } from '../store-context.ts'
import { findingBadge } from '../theme/glyphs.ts'

interface Props {
  readonly dialog: Dialog
  readonly onSelect: (value: string) => void
}

const WRAP = 66

/** Whatever is asked or shown in front of the screen. */
export function DialogView({ dialog, onSelect }: Props): ReactNode {
  const isTight = useLayout().contentRows < TIGHT_ROWS
  switch (dialog.kind) {
    case 'confirm':
      return (
        <Modal title={dialog.title} contentRows={confirmLines(dialog, WRAP, isTight).length + (isTight ? 0 : 1)}>
          {({ width }) => <TypeToConfirm dialog={dialog} width={width} />}
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
      return page(dialog.title, choiceLines(dialog), 0)
    case 'secret':
      return page(
        dialog.title,
        [[], [span('  ┃ ', 'accent'), span('*'.repeat(dialog.typed.length)), span('▏', 'accent')], []],
        0,
      )
    case 'findings':
      return page('Checks before anything moves', findingLines(dialog), Math.max(0, dialog.index * 2 - 6))
    case 'text':
      return page(
        dialog.title,
        dialog.lines.flatMap((line) => wrapIndented(line, WRAP)).map((line) => plain(` ${line}`)),
        dialog.offset,
      )
  }
}

function page(title: string, lines: readonly Line[], offset: number): ReactNode {
  return (
    <Modal title={title} contentRows={lines.length}>
      {(inner) => <ScrollView lines={lines} offset={offset} moreKey="j" {...inner} />}
    </Modal>
  )
}

function choiceLines(dialog: ChoiceDialog): readonly Line[] {
  return [
    [],
    ...dialog.facts.flatMap((fact) => wrap(fact, WRAP)).map((line) => plain(`  ${line}`)),
    [],
    ...dialog.options.map(({ label }, index): Line => {
      const isHere = index === dialog.index
      return [span(isHere ? ' ▶ ' : '   ', 'accent'), span(label, isHere ? 'strong' : 'text')]
    }),
    [],
  ]
}

function findingLines(dialog: FindingsDialog): readonly Line[] {
  return dialog.findings.flatMap((finding, index): readonly Line[] => {
    const badge = findingBadge(finding.severity)
    const isOn = dialog.overrides.includes(finding.code)
    const override = finding.severity !== 'block' ? '' : isOn ? '  overridden' : '  space overrides it'
    const [title = '', ...more] = wrap(finding.title, WRAP - 8 - override.length)
    const tone = index === dialog.index ? 'strong' : 'text'
    const detail = [finding.detail, finding.remedy].filter((part) => part !== '').join(' ')
    return [
      [
        span(index === dialog.index ? ' ▶ ' : '   ', 'accent'),
        span(`${badge.glyph} ${finding.code}  `, badge.tone),
        span(title, tone),
        span(override, 'careful'),
      ],
      ...more.map((line) => plain(`          ${line}`, tone)),
      ...(detail === '' || finding.severity === 'ok'
        ? []
        : wrap(detail, WRAP - 8).map((line) => plain(`          ${line}`, 'dim'))),
    ]
  })
}
