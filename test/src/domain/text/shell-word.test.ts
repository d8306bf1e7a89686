import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from '../../../../src/domain/text/shell-word.ts'

test.each(["it's bad", '', '~', '~1', 'a b', '$HOME', '`id`', 'a\nb', '*', 'back\\slash', '"quoted"', '-n', '#1'])(
  'a shell reads %j as one word, unchanged',
  (text) => {
    const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(text)} end`], { encoding: 'utf8' })

    expect(read).toBe(`${text}|end|`)
  },
)

test.each(['v1.2.0', 'docker:registry.example.com/app', 'HEAD~1', './plan.json'])('%s needs no quotes', (text) => {
  expect(shellWord(text)).toBe(text)
})
