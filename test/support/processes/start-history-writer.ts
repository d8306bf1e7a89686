import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { HistoryProject } from '../projects/history-project.ts'

const SCRIPT = fileURLToPath(new URL('history-writer.ts', import.meta.url))

export interface HistoryWriter {
  readonly process: ChildProcess
  /** Versions it has said were committed, with their ids. */
  acknowledged(): ReadonlyMap<string, number>
  /** Settles when the process is gone. */
  readonly done: Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** Starts a process that commits `count` deployments named `name.1`, `name.2`, … */
export function startHistoryWriter(project: HistoryProject, name: string, count: number): HistoryWriter {
  const child = spawn(process.execPath, [SCRIPT, project.folder, project.file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  return {
    process: child,
    done: new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr }))),
    acknowledged() {
      const lines = stdout.split('\n').slice(0, -1)
      return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]))
    },
  }
}
