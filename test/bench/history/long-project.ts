import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalHistory } from '../../support/builders/history-texts.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PACKAGES = 6

/** A project with a long history and nothing else. @returns its folder and its newest version */
export function writeLongProject(count: number): { readonly root: string; readonly newest: string } {
  const root = temporaryFolder(`history-${count}`)
  mkdirSync(join(root, '.bagboy'))
  writeFileSync(join(root, '.bagboy/deployment-history.yml'), canonicalHistory(count, PACKAGES))
  writeFileSync(join(root, 'bagboy.yaml'), 'name: myapp\ndeployment:\n  environment: production\n')
  return { root, newest: `v1.${count}.0` }
}
