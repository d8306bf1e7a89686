import { render } from 'ink-testing-library'
import type { ReactNode } from 'react'
import { expect, onTestFinished, test } from 'vitest'
import { ProgressBar } from '../../../components/primitives/ProgressBar.tsx'
import { Select } from '../../../components/primitives/Select.tsx'
import { Spinner } from '../../../components/primitives/Spinner.tsx'
import { ThemeContext } from '../../../components/store-context.ts'
import { createTheme } from '../../../components/theme/theme.ts'
import { until } from '../../support/clocks/until.ts'

function draw(element: ReactNode, isAscii = false) {
  const theme = createTheme({ isAscii, hasColor: false })
  const drawn = render(<ThemeContext.Provider value={theme}>{element}</ThemeContext.Provider>)
  onTestFinished(() => drawn.unmount())
  return drawn
}

test.each([
  [0, 5, '0 %', 0],
  [2, 5, '40 %', 12],
  [5, 5, '100 %', 32],
  [1, 0, '0 %', 0],
])('a bar of %i of %i says %s', (done, total, percent, filled) => {
  const { lastFrame } = draw(<ProgressBar done={done} total={total} width={40} tone="info" />)

  const frame = lastFrame() ?? ''
  expect(frame).toContain(percent)
  expect(frame.split('━').length - 1).toBe(filled)
})

test('a bar is drawn in ASCII where the terminal has nothing else', () => {
  const { lastFrame } = draw(<ProgressBar done={1} total={2} width={28} tone="info" />, true)

  expect(lastFrame()).toMatch(/ ={10}-{10} +50 %/u)
})

test('a menu moves with the arrows and chooses with enter', async () => {
  const chosen: string[] = []
  const options = [
    { value: 'held', label: 'held versions' },
    { value: 'bad', label: 'unhealthy versions' },
  ]
  const { stdin, lastFrame } = draw(<Select options={options} onSelect={(value) => chosen.push(value)} />)
  await until('the menu is drawn', () => lastFrame()?.includes('▶ 1  held') === true)

  stdin.write('\u001B[B')
  await until('the second row is marked', () => lastFrame()?.includes('▶ 2  unhealthy') === true)
  stdin.write('\r')

  await until('it is chosen', () => chosen.length > 0)
  expect(chosen).toEqual(['bad'])
})

test('a spinner moves while it is shown and not after', async () => {
  const { frames, unmount } = draw(<Spinner />, true)
  await until('it has moved', () => new Set(frames).size >= 3)

  unmount()
  const count = frames.length
  await new Promise((resolve) => {
    setTimeout(resolve, 300)
  })

  expect(frames.length - count).toBeLessThanOrEqual(1)
})
