import { expect, test } from 'vitest'
import { cli } from '../../../support/harness/cli-harness.ts'
import { createOptionValues } from '../../../../src/cli/requests/option-values.ts'

test('an empty value, as of a variable that is not set, is a mistake', () => {
  expect(() => createOptionValues({ version: '' })).toThrow('--version has an empty value.')
  expect(() => createOptionValues({ healthWindow: '' })).toThrow('--health-window has an empty value.')
})

test('an empty reason is none', () => {
  expect(createOptionValues({ reason: '', notes: '', incident: '' }).text('reason')).toBe('')
})

test('an empty value ends as every mistake on the command line does', async () => {
  const { exitCode, stderr } = await cli(['record', '--version', ''])

  expect(exitCode).toBe(2)
  expect(stderr).toContain('--version has an empty value.')
})
