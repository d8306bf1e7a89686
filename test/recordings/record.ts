// Writes docs/screens: the main screens of the shipped program, as text and as pictures.
//   npm run recordings [-- --into FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openRecordedApp } from './recorded-app.ts'
import { playScenes, playSlotScenes, playTrafficScenes, playWatchedScenes, SCENES } from './scenes.ts'
import { renderSvg } from './svg.ts'

const SIZES = [
  [80, 24],
  [160, 48],
] as const

const { values } = parseArgs({ options: { into: { type: 'string', default: 'docs/screens' } } })
mkdirSync(values.into, { recursive: true })

const NIGHTS = [
  { play: playScenes, options: {} },
  { play: playWatchedScenes, options: { isWatched: true } },
  { play: playTrafficScenes, options: { scenario: 'blue-green', isWatched: true } },
  { play: playSlotScenes, options: { scenario: 'blue-green' } },
]

for (const [columns, rows] of SIZES) for (const night of NIGHTS) await record(columns, rows, night)
writeFileSync(join(values.into, 'README.md'), overview())

async function record(columns: number, rows: number, { play, options }: (typeof NIGHTS)[number]): Promise<void> {
  const app = await openRecordedApp(columns, rows, options)
  try {
    await play(app, async (scene) => {
      await app.settle()
      const file = join(values.into, `${scene}-${columns}x${rows}`)
      writeFileSync(`${file}.txt`, `${app.mask(app.terminal.screen())}\n`)
      writeFileSync(`${file}.svg`, app.mask(renderSvg(app.terminal.emulator)))
    })
  } finally {
    await app.close()
  }
}

function overview(): string {
  const scenes = Object.entries(SCENES).map(([scene, caption]) => {
    const [small, large] = SIZES.map(([columns, rows]) => `${scene}-${columns}x${rows}`)
    return [
      `## ${caption}`,
      `![${scene} at 80 columns](${small}.svg)`,
      `[The same as text](${small}.txt) · [at 160x48](${large}.svg), [as text](${large}.txt)`,
    ].join('\n\n')
  })
  const head = [
    '# Screens',
    'Recorded from the shipped program in its sandbox by `npm run recordings`; do not edit. One night of an operator:',
    'version 1.17.0 of `hello` is live and bad, it is rolled back, the machine dies in the middle, the run is resumed.',
  ].join('\n\n')
  return `${[head.replace(':\n\n', ': '), ...scenes].join('\n\n')}\n`
}
