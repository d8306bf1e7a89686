import type { ReactNode } from 'react'
import type { Tone } from '../theme/theme.ts'
import { bar } from './bar.ts'
import { TextLine } from './TextLine.tsx'
import { span } from './line.ts'

interface Props {
  readonly done: number
  readonly total: number
  readonly width: number
  readonly tone: Tone
}

/** A whole row: the bar and its percentage, both from real units. */
export function ProgressBar({ done, total, width, tone }: Props): ReactNode {
  const percent = total <= 0 ? 0 : Math.floor((done / total) * 100)
  const cells = Math.max(1, width - 8)
  return (
    <TextLine line={[span(' '), ...bar(done, total, cells, tone), span(`${percent} %`.padStart(6))]} width={width} />
  )
}
