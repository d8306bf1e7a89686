import { expect, test } from 'vitest'
import { manifestVersion } from '../../../../src/registries/scoop/manifest-version.ts'

test.each([
  ['as it is usually written', '{"version": "1.2.0", "bin": "a.exe"}'],
  ['in another place', '{"bin": ["a"], "architecture": {"64bit": {"version": "9"}}, "version": "1.2.0"}'],
  ['with comments', '// a tool\n{ /* "version": "9" */ "version": "1.2.0" // it is\n}'],
  ['with a comma behind it', '{"version": "1.2.0",}'],
  ['in single quotes', "{'version': '1.2.0'}"],
  ['without quotes around the name', '{version: "1.2.0"}'],
  ['with a capital letter', '{"Version": "1.2.0"}'],
  ['behind a byte order mark', '\uFEFF{"version": "1.2.0"}'],
  ['with an escape', String.raw`{"version": "1.2\u002e0"}`],
  ['twice, of which the last counts', '{"version": "1.1.0", "version": "1.2.0"}'],
  ['and a text that holds one', String.raw`{"notes": "\"version\": \"9\"", "version": "1.2.0"}`],
])('the version of a manifest is read %s', (_how, text) => {
  expect(manifestVersion(text)).toBe('1.2.0')
})

test('a number is read as PowerShell writes it', () => {
  expect(['{"version": 20240101}', '{"version": 1.20}'].map(manifestVersion)).toEqual(['20240101', '1.2'])
})

test.each([
  ['without one', '{}'],
  ['of a checker', '{"checkver": {"version": "1.2.0"}}'],
  ['behind the manifest', '{} {"version": "1.2.0"}'],
  ['that is cut off', '{"version": "1.2.0"'],
  ['that is a list', '{"version": ["1.2.0"]}'],
  ['that is the name of another', '{"a": "version", "b": "1.2.0"}'],
  ['with a sign that Scoop refuses', '{"version": "1.2.0;x"}'],
  ['that is empty', '{"version": ""}'],
  ['in no object', '["version", "1.2.0"]'],
  ['that is no JSON', 'version: 1.2.0'],
])('a manifest %s has no version', (_what, text) => {
  expect(manifestVersion(text)).toBeUndefined()
})
