import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Change, Suite } from './mutants.ts'

/** What a suite needs; nothing of it is shared with the work tree but the installed packages. */
const COPIED = [
  'bin',
  'src',
  'store',
  'components',
  'test',
  'docs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
]

export interface SuiteResult {
  readonly isGreen: boolean
  /** Titles of the tests that failed, and what they found. */
  readonly failed: readonly { readonly title: string; readonly found: string }[]
  /** Suites that could not even be loaded: then nothing was tested. */
  readonly broken: readonly string[]
  readonly seconds: number
}

/** A copy of the project in which bugs can be put. */
export interface Workshop {
  /** Runs the suite with these changes in the sources, and takes them out again. */
  run(suite: Suite, changes: readonly Change[]): Promise<SuiteResult>
  close(): void
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'bagboy-mutants-'))
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return {
    async run(suite, changes) {
      const originals = new Map(changes.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]))
      for (const change of changes) apply(folder, change)
      try {
        return await runSuite(folder, suite)
      } finally {
        for (const [file, text] of originals) writeFileSync(join(folder, file), text)
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function apply(folder: string, { file, from, to }: Change): void {
  const path = join(folder, file)
  const parts = readFileSync(path, 'utf8').split(from)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what a mutant changes: ${from}`)
  writeFileSync(path, parts.join(to))
}

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
})

async function runSuite(folder: string, { file, only, env }: Suite): Promise<SuiteResult> {
  const output = join(folder, 'report.json')
  rmSync(output, { force: true })
  const startMs = performance.now()
  const args = ['node_modules/.bin/vitest', 'run', file, '--bail=1', '--reporter=json', `--outputFile=${output}`]
  const printed = await end(folder, [...args, ...(only === undefined ? [] : ['-t', only])], env)
  const seconds = (performance.now() - startMs) / 1000
  const { success, testResults, numPassedTests } = report.parse(readJson(output, printed))
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ status, fullName, failureMessages: [message = ''] }) =>
      status === 'failed' ? [{ title: fullName, found: message.split('\n    at ')[0] ?? '' }] : [],
    ),
  )
  const broken = testResults.flatMap(({ status, name, assertionResults }) =>
    status === 'failed' && !assertionResults.some((one) => one.status === 'failed') ? [name] : [],
  )
  return { isGreen: success && numPassedTests > 0, failed, broken, seconds }
}

function readJson(path: string, printed: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`no report was written: ${printed}`, { cause })
  }
}

function end(cwd: string, args: readonly string[], env: Suite['env'] = {}): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-4000)))
    }
    child.on('error', fail)
    child.on('close', () => done(printed))
  })
}
