#!/usr/bin/env node
// The commands of the rollback tool run here; every other one belongs to the Go program of the same name.
const version = process.env['BAGBOY_TUI_BUILD'] ?? 'unbuilt'
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`bagboy needs Node.js 22.19 or newer; ${process.execPath} is ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  const { runBagboy } = await import('./run-bagboy.ts')
  await runBagboy(version, process.argv.slice(2), process.argv[1] ?? '')
}
