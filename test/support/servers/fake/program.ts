import { chmodSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../temporary-folder.ts'

export interface ProgramAnswer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface FakeProgram {
  /** A real program: it hands its arguments over and prints what it gets. */
  readonly file: string
  close(): void
}

/** A program whose answers are made in this process: what it changes is here, and starting it costs next to nothing. */
export function startFakeProgram(name: string, answer: (args: readonly string[]) => ProgramAnswer): FakeProgram {
  const [folder, file] = [temporaryFolder('fake-program'), join(temporaryFolder('fake-program'), name)]
  writeFileSync(
    file,
    `#!/bin/sh
call='${folder}'/$$
printf '%s\\0' "$@" >"$call.tmp" && mv "$call.tmp" "$call.call"
while test ! -e "$call.done"; do sleep 0.01; done
cat "$call.out"
cat "$call.err" >&2
exit "$(cat "$call.done")"
`,
  )
  chmodSync(file, 0o755)
  const watcher = watch(folder, (_event, changed) => {
    const [, call] = /^(\d+)\.call$/u.exec(changed ?? '') ?? []
    if (call === undefined) return
    const place = (kind: string): string => join(folder, `${call}.${kind}`)
    const args = readFileSync(place('call'), 'utf8').split('\0').slice(0, -1)
    const { exitCode, stdout, stderr } = answer(args)
    writeFileSync(place('out'), stdout)
    writeFileSync(place('err'), stderr)
    writeFileSync(place('ready'), String(exitCode))
    renameSync(place('ready'), place('done'))
  })
  watcher.unref()
  return { file, close: () => watcher.close() }
}
