import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import { TextLine } from './TextLine.tsx'
import { span } from './line.ts'

interface Props {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onSelect: (value: string) => void
}

const INDICATOR = 3
const LABEL = 60

/**
 * A short harmless menu: digits choose at once. Never for what changes the world. The one file that knows
 * ink-select-input.
 */
export function Select({ options, onSelect }: Props): ReactNode {
  const items = options.map(({ value, label }, index) => ({ key: value, value, label: `${index + 1}  ${label}` }))
  return (
    <SelectInput
      items={items}
      onSelect={({ value }) => onSelect(value)}
      indicatorComponent={Indicator}
      itemComponent={Item}
    />
  )
}

function Indicator({ isSelected = false }: { readonly isSelected?: boolean }): ReactNode {
  return (
    <Box width={INDICATOR}>
      <TextLine line={[span(isSelected ? ' ▶ ' : '   ', 'accent')]} width={INDICATOR} />
    </Box>
  )
}

function Item({ isSelected = false, label }: { readonly isSelected?: boolean; readonly label: string }): ReactNode {
  return <TextLine line={[span(label, isSelected ? 'strong' : 'text')]} width={LABEL} />
}
