import { openApp } from '../../src/app.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import type { AppendFile, Platform } from '../../src/platform/platform.ts'

/**
 * A process that runs one command of the engine and kills itself with SIGKILL at a chosen journal record.
 * Arguments: project folder, `rollback VERSION` | `resume RUN` | `undo RUN`, record number, `before` | `after`.
 * Without a record number it runs to its end. Prints the run id, then the exit code.
 */
const [cwd = '', verb = '', operand = '', record = '0', moment = 'after'] = process.argv.slice(2)

function dieAt(file: AppendFile): AppendFile {
  return {
    close: () => file.close(),
    async append(bytes) {
      appended += 1
      if (appended === Number(record) && moment === 'before') process.kill(process.pid, 'SIGKILL')
      await file.append(bytes)
      if (appended === Number(record)) process.kill(process.pid, 'SIGKILL')
    },
  }
}

let appended = 0

function doomed(platform: Platform): Platform {
  if (record === '0') return platform
  return {
    ...platform,
    files: {
      ...platform.files,
      openAppend: async (path) => {
        const file = await platform.files.openAppend(path)
        return path.endsWith('journal.jsonl') ? dieAt(file) : file
      },
    },
  }
}

const { engine } = await openApp(doomed(createNodePlatform()), { cwd })
const approver = { ask: (question: { readonly default: string }) => Promise.resolve(question.default) }

async function start() {
  if (verb === 'resume') return engine.resume(operand, approver)
  if (verb === 'undo') return engine.undo(operand, approver, 'chaos')
  const request = { target: operand, only: [], except: [], reason: 'chaos', incident: '', overrides: [] }
  return engine.run(await engine.plan(request), approver)
}

const handle = await start()
console.log(handle.id)
const { exitCode } = await handle.result
console.log(exitCode)
