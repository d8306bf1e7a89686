import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/** Stands before a program: writes down every call, and behaves as it is told. */
export interface CommandSwitch {
  /** Of the program that stands before it. */
  readonly file: string
  /** The arguments of every call, joined by blanks, in order. */
  calls(): readonly string[]
  /** For calls whose arguments match `pattern` (of the shell's `case`), do `script` instead; `$@` are the arguments, `$REAL` runs the program itself. */
  intercept(pattern: string, script: string): void
  /** Every call goes through again. */
  pass(): void
}

/** `program`: the command line that is run behind it, in words of the shell. */
export function createCommandSwitch(name: string, program: string): CommandSwitch {
  const folder = temporaryFolder('command-switch')
  const [file, calls, faults, real] = [name, 'calls', 'faults', 'real'].map((each) => join(folder, each))
  if (!file || !calls || !faults || !real) throw new Error('there are four names')
  writeFileSync(real, `#!/bin/sh\nexec ${program} "$@"\n`)
  writeFileSync(faults, '')
  writeFileSync(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\nREAL='${real}'\n. '${faults}'\nexec '${real}' "$@"\n`,
  )
  for (const each of [file, real]) chmodSync(each, 0o755)
  return {
    file,
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').slice(0, -1) : []),
    intercept: (pattern, script) =>
      writeFileSync(faults, `case "$*" in ${pattern}) ${script} ;; esac\n`, { flag: 'a' }),
    pass: () => writeFileSync(faults, ''),
  }
}
