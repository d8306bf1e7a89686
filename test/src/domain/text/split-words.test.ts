import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitWords } from '../../../../src/domain/text/split-words.ts'
import { SEED } from '../../../support/effort.ts'

/** What a real shell makes of the words of a command. */
function shellWords(text: string): readonly string[] {
  const printed = execFileSync('sh', ['-c', `set -f; printf '%s\\0' ${text}`], { encoding: 'utf8' })
  return printed.split('\0').slice(0, -1)
}

describe('a command line', () => {
  test.each([
    ['curl -f http://localhost:8080/ready', ['curl', '-f', 'http://localhost:8080/ready']],
    ['a \'b c\' "d e" f\\ g', ['a', 'b c', 'd e', 'f g']],
    [`a""b'' ''`, ['ab', '']],
    ['a "\\"\\\\\\$\\x"', ['a', '"\\$\\x']],
    ['  a\tb  ', ['a', 'b']],
    ['curl "https://${target_host}/x?a=1&b=2"', ['curl', 'https://${target_host}/x?a=1&b=2']],
    ['./smoke.sh ${target_version}', ['./smoke.sh', '${target_version}']],
    ['a#b', ['a#b']],
    ['', []],
  ])('%s is the words a shell would make of it', (text, words) => {
    expect(splitWords(text)).toEqual({ words })
  })

  test.each([
    ['a | b', '"|" is for a shell'],
    ['a && b', '"&" is for a shell'],
    ['a; b', '";" is for a shell'],
    ['a > b', '">" is for a shell'],
    ['a $(b)', '"$" is for a shell'],
    ['a $HOME', '"$" is for a shell'],
    ['a `b`', '"`" is for a shell'],
    ['a # b', '"#" is for a shell'],
    ["a 'b", "the quote ' is not closed"],
    ['a "b', 'the quote " is not closed'],
    ['a \\', 'a backslash stands at the end'],
  ])('%s is refused: %s', (text, wrong) => {
    expect(splitWords(text).wrong).toContain(wrong)
  })

  test('is split as a real shell splits it', () => {
    const piece = fc.oneof(
      fc.constantFrom('a', 'b-c', '/x', '=', ' ', '  ', '\t', '\\ ', '\\\\', "\\'", '\\"', '#', '{', '}', '~', '!'),
      fc.stringMatching(/^[a-z .|&;<>()$#\\]{0,6}$/u).map((text) => `'${text}'`),
      fc.stringMatching(/^[a-z .|&;<>()#']{0,6}$/u).map((text) => `"${text}"`),
      fc.constantFrom('"\\""', '"\\\\"', '"\\a"', '"a\\$b"'),
    )
    const line = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

    fc.assert(
      fc.property(line, (text) => {
        const split = splitWords(text)
        // What only a shell understands is refused; a tilde at the start of a word is read as it stands.
        fc.pre(split.words !== undefined && split.words.length > 0 && !/(?:^|\s)~/u.test(text))
        expect(split.words).toEqual(shellWords(text))
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})
