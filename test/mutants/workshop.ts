import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
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
  readonly failed: readonly { readonly file: string; readonly title: string; readonly found: string }[]
  /** Suites that could not even be loaded: then nothing was tested. */
  readonly broken: readonly string[]
  readonly seconds: number
}

/** How a program of the copy is started. */
export interface Setting {
  readonly env?: Readonly<Record<string, string>>
  /** It is ended after this time. */
  readonly limitMs?: number
}

export interface Ended {
  readonly output: string
  readonly isOutOfTime: boolean
}

/** A copy of the project in which bugs can be put. */
export interface Workshop {
  /** Runs the suite with these changes in the sources, and takes them out again. */
  run(suite: Suite, changes: readonly Change[]): Promise<SuiteResult>
  /** The text of a file without changes. */
  read(file: string): string
  /** Does something while files have other texts. */
  withTexts<T>(texts: ReadonlyMap<string, string>, work: () => Promise<T>): Promise<T>
  /** Starts Node with these arguments in the copy; what it printed, at its end. */
  start(args: readonly string[], setting: Setting): Promise<Ended>
  /** Runs vitest with these arguments; undefined when it had to be ended. */
  runVitest(args: readonly string[], setting: Setting): Promise<SuiteResult | undefined>
  close(): void
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'bagboy-mutants-'))
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const withTexts: Workshop['withTexts'] = async (texts, work) => {
    const originals = [...texts.keys()].map((file) => [file, read(file)] as const)
    for (const [file, text] of texts) writeFileSync(join(folder, file), text)
    try {
      return await work()
    } finally {
      for (const [file, text] of originals) writeFileSync(join(folder, file), text)
    }
  }
  return {
    async run(suite, changes) {
      const texts = new Map<string, string>()
      for (const change of changes) texts.set(change.file, changed(texts.get(change.file) ?? read(change.file), change))
      const { file, only, env = {} } = suite
      const args = [file, ...(only === undefined ? [] : ['-t', only])]
      const result = await withTexts(texts, () => runVitest(folder, args, { env }))
      if (result === undefined) throw new Error(`${file} was ended`)
      return result
    },
    read,
    withTexts,
    start: (args, setting) => start(folder, args, setting),
    runVitest: (args, setting) => runVitest(folder, args, setting),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function changed(text: string, { file, from, to }: Change): string {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what a mutant changes: ${from}`)
  return parts.join(to)
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

async function runVitest(folder: string, args: readonly string[], setting: Setting): Promise<SuiteResult | undefined> {
  const output = join(folder, 'report.json')
  rmSync(output, { force: true })
  const startMs = performance.now()
  const vitest = ['node_modules/.bin/vitest', 'run', '--bail=1', '--reporter=json', `--outputFile=${output}`]
  const ended = await start(folder, [...vitest, ...args], setting)
  if (ended.isOutOfTime) return undefined
  const seconds = (performance.now() - startMs) / 1000
  const { success, testResults, numPassedTests } = report.parse(readJson(output, ended.output))
  const failed = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.flatMap(({ status, fullName, failureMessages: [message = ''] }) =>
      status === 'failed'
        ? [{ file: relative(folder, name), title: fullName, found: message.split('\n    at ')[0] ?? '' }]
        : [],
    ),
  )
  const broken = testResults.flatMap(({ status, name, assertionResults }) =>
    status === 'failed' && !assertionResults.some((one) => one.status === 'failed') ? [relative(folder, name)] : [],
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

function start(cwd: string, args: readonly string[], { env = {}, limitMs }: Setting): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it started ends with it.
      detached: true,
    })
    let output = ''
    let isOutOfTime = false
    const endGroup = (): void => {
      isOutOfTime = true
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    }
    const timer = limitMs === undefined ? undefined : setTimeout(endGroup, limitMs)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-400_000)))
    }
    child.on('error', fail)
    child.on('close', () => {
      clearTimeout(timer)
      done({ output, isOutOfTime })
    })
  })
}
