import xterm from '@xterm/headless'
import { expect, test } from 'vitest'
import { renderSvg } from './svg.ts'

async function picture(output: string, columns = 12): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 2, allowProposedApi: true })
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve)
  })
  return renderSvg(terminal)
}

test('cells that look alike are one text at the place of the first', async () => {
  const svg = await picture('ab \u001b[32mok\u001b[0m\r\n  c')

  expect(svg.match(/<text .*/gu)).toEqual([
    '<text x="8" y="21">ab</text>',
    '<text x="33.2" y="21" fill="#8fc16b">ok</text>',
    '<text x="24.8" y="39">c</text>',
  ])
})

test('bold, dim and inverse look as in a terminal', async () => {
  const svg = await picture('\u001b[1mB\u001b[0m\u001b[2mD\u001b[0m\u001b[7mI\u001b[0m')

  expect(svg).toContain('class="b">B<')
  expect(svg).toContain('class="d">D<')
  expect(svg).toMatch(/<rect x="24\.8" y="8" width="8\.4" height="18" fill="#d6d9de"\/>\n<text .*fill="#15171c">I</u)
})

test('a coloured background is there without any text', async () => {
  expect(await picture('\u001b[41m   \u001b[0m')).toContain('width="25.2" height="18" fill="#e5686d"')
})

test('text that means something in a picture is only text', async () => {
  expect(await picture('<a>&b')).toContain('>&lt;a&gt;&amp;b</text>')
})
