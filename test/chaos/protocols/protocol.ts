import { cpSync } from 'node:fs'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** One way in which something is written that must survive: what the crash, disk and kill suites have in common. */
export interface Protocol {
  readonly name: string
  /** What is there before, by a process whose disk never failed. `folder` exists. */
  prepare(files: Files, folder: string): Promise<void>
  /** What is under test; calls `acknowledge` with each thing its caller was told is done. */
  act(files: Files, folder: string, acknowledge: (fact: string) => void): Promise<void>
  /**
   * A process that comes afterwards reads what is there and goes on with it. @returns what is not as it must be: something
   * that cannot be read, or that was acknowledged and is gone
   */
  check(files: Files, folder: string, acknowledged: readonly string[]): Promise<readonly string[]>
}

/** What `work` threw, as a violation. */
export async function complaintOf(doing: string, work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work()
  } catch (error) {
    return [`${doing}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** Prepares once; every call gives a folder of its own in that state. */
export async function preparedFolders({ prepare }: Protocol): Promise<() => string> {
  const template = temporaryFolder('prepared')
  await prepare(createNodeFiles(), template)
  return () => {
    const folder = temporaryFolder('protocol')
    cpSync(template, folder, { recursive: true })
    return folder
  }
}
