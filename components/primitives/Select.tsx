import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import { span, TextLine } from './TextLine.tsx'

interface Props {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly width: number
  readonly onSelect: (value: string) => void
}

/** A short harmless menu: digits choose at once. Never for what changes the world. The one file that knows ink-select-input. */
export function Select({ options, width, onSelect }: Props): ReactNode {
  const items = options.map(({ value, label }, index) => ({ key: value, value, label: `${index + 1}  ${label}` }))
  return (
    <SelectInput
      items={items}
      onSelect={({ value }) => onSelect(value)}
      indicatorComponent={({ isSelected = false }) => (
        <Box width={3}>
          <TextLine line={[span(isSelected ? ' ▶ ' : '   ', 'accent')]} width={3} />
        </Box>
      )}
      itemComponent={({ isSelected = false, label }) => (
        <TextLine line={[span(label, isSelected ? 'strong' : 'text')]} width={width - 3} />
      )}
    />
  )
}
