import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

const SHOWN = 10

/** Prints the slowest test files at the end of a run of many. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= SHOWN) return
    const files = modules.map((module) => ({
      path: relative(process.cwd(), module.moduleId),
      ms: module.diagnostic().duration + module.diagnostic().setupDuration + module.diagnostic().collectDuration,
    }))
    const slowest = files.sort((a, b) => b.ms - a.ms).slice(0, SHOWN)
    console.log(['\nThe slowest files:', ...slowest.map(lineOf)].join('\n'))
  }
}

function lineOf({ path, ms }: { readonly path: string; readonly ms: number }): string {
  return `${(ms / 1000).toFixed(1).padStart(7)} s  ${path}`
}
