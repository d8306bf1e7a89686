import { expect, test } from 'vitest'
import { stepLines, whenText } from '../../../components/plan/step-lines.ts'
import { aStep } from '../../support/builders/app-builders.ts'

const steps = [aStep(2, { group: 2 }), aStep(3, { group: 2 }), aStep(0, { group: 3 }), aStep(1, { group: 4 })]

test.each([
  [0, 'first, at the same time as npm'],
  [2, 'after docker, npm'],
  [3, 'after docker, npm, brew'],
])('step %i of the plan says when it runs: %s', (index, expected) => {
  const step = steps[index]

  expect(step && whenText(step, steps)).toBe(expected)
})

test('a page shows what changes before what it means', () => {
  const [step = aStep(0)] = steps
  const rows = stepLines(step, steps, 80).map((line) => line.map(({ text }) => text).join(''))
  const at = (start: string): number => rows.findIndex((row) => row.trim().startsWith(start))

  const places = [at('now'), at('What will be written'), at('When'), at('New installs'), at('The same as commands')]
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})
