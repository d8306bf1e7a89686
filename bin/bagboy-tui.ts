#!/usr/bin/env node
import { writeSync } from 'node:fs'
import { builtHelp } from './built-help.ts'

// Nothing else is imported before it is known what is wanted: version, help and the refusal of an old Node need
// nothing, not even process.stdout, which loads half of Node's network code.
const version = process.env['BAGBOY_TUI_BUILD'] ?? 'unbuilt'
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const argv = process.argv.slice(2)
const help = builtHelp(argv)

if (major < 22 || (major === 22 && minor < 19)) {
  writeSync(2, `bagboy-tui needs Node.js 22.19 or newer; ${process.execPath} is ${process.versions.node}.\n`)
  process.exitCode = 2
} else if (argv.length === 1 && argv[0] === '--version') {
  writeSync(1, `${version}\n`)
} else if (help !== undefined) {
  writeSync(1, help)
} else {
  const { start } = await import('./start.ts')
  await start({ program: 'bagboy-tui', version, dataTo: 1 }, argv)
}
