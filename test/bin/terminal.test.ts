import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSandbox } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram } from '../support/harness/built-program.ts'
import { openTerminal } from '../support/harness/pty.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const program = builtProgram('bagboy-tui')

test('a project that cannot be opened gives the screen back, says why, and exits 4', async () => {
  const cwd = temporaryFolder('broken')
  writeFileSync(join(cwd, 'bagboy.yaml'), 'name: x\ndeployment:\n  enviroment: prod\n')

  const terminal = openTerminal({ command: process.execPath, args: [program], cwd })

  expect(await terminal.exitCode).toBe(4)
  await terminal.shows('bagboy.yaml:3:3: unknown key "enviroment"')
  expect(terminal.isAlternate).toBe(false)
})

test('rollback on a terminal opens the app on the plan that was asked for', async () => {
  const sandbox = await createSandbox()
  try {
    const args = [program, 'rollback', '~1', '--only', 'npm']
    const terminal = openTerminal({ command: process.execPath, args, cwd: sandbox.root, env: sandbox.env })

    await terminal.shows('left out by --only or --except')

    expect(terminal.screen()).toContain(`→ ${sandbox.versions.lastGood}`)
    await terminal.press('q')
    await terminal.shows('History')
    await terminal.press('q')
    expect(await terminal.exitCode).toBe(0)
  } finally {
    await sandbox.close()
  }
})

test('a question on the terminal takes no for an answer and writes nothing', async () => {
  const sandbox = await createSandbox()
  try {
    const args = [program, 'versions', 'prune', '--keep', '3']
    const terminal = openTerminal({
      command: process.execPath,
      args,
      cwd: sandbox.root,
      env: sandbox.env,
      columns: 160,
    })
    await terminal.shows(/Move \d+ entries to .*\? \[y\/N\]/u)

    await terminal.press('n', 'enter')

    expect(await terminal.exitCode).toBe(12)
    await terminal.shows('Not confirmed: nothing was changed.')
  } finally {
    await sandbox.close()
  }
})

test('ctrl-c reaches the Go program once, through the terminal, and its answer counts', async () => {
  const go = temporaryFolder('go')
  writeFileSync(
    join(go, 'bagboy'),
    "#!/bin/sh\ntrap 'echo caught; exit 7' INT\necho ready\nwhile :; do sleep 0.05; done\n",
  )
  chmodSync(join(go, 'bagboy'), 0o755)
  const args = [builtProgram('bagboy'), 'pack']
  const terminal = openTerminal({ command: process.execPath, args, env: { PATH: `${go}:/usr/bin:/bin` } })
  await terminal.shows('ready')

  await terminal.press('ctrl-c')

  expect(await terminal.exitCode).toBe(7)
  // What was printed last may come behind the end of the process.
  await terminal.shows('caught')
  expect(terminal.transcript().match(/caught/gu)).toHaveLength(1)
})
