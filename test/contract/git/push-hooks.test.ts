import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseGitRemote } from '../../../src/git/git-remote.ts'
import { deleteRefs, pushRef } from '../../../src/git/push-ref.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, env: { ...process.env, ...GIT_ENVIRONMENT }, encoding: 'utf8' }).trim()
}

/** A bare repository with a hook, a listing of alternates that is a program, and one commit to push to it. */
function aRepositoryWithPrograms() {
  const root = temporaryFolder('hooks')
  const [bare, ours] = [join(root, 'tap.git'), join(root, 'ours.git')]
  git(root, 'init', '--quiet', '--bare', bare)
  git(root, 'init', '--quiet', '--bare', ours)
  git(ours, 'remote', 'add', 'bagboy', bare)
  const tree = execFileSync('git', ['mktree'], { cwd: ours, input: '', encoding: 'utf8' }).trim()
  const commit = git(ours, 'commit-tree', '-m', 'one', tree)
  const proof = join(root, 'ran')
  mkdirSync(join(bare, 'hooks'), { recursive: true })
  writeFileSync(join(bare, 'hooks', 'pre-receive'), `#!/bin/sh\ntouch ${proof}\n`)
  chmodSync(join(bare, 'hooks', 'pre-receive'), 0o755)
  mkdirSync(join(bare, 'objects', 'info'), { recursive: true })
  writeFileSync(join(bare, 'objects', 'info', 'alternates'), `${join(ours, 'objects')}\n`)
  git(bare, 'config', 'core.alternateRefsCommand', `touch ${proof}; true`)
  return { bare, ours, commit, proof }
}

const CHOICES = [
  ['runs nothing of it before a person has decided', false],
  ['runs its hooks as git does once it is trusted', true],
] as const

function siteOf({ bare, ours }: { readonly bare: string; readonly ours: string }, isChosen: boolean) {
  const trust = { isGiven: () => true, isChosen: () => isChosen, coversFile: () => true }
  const platform = { ...createNodePlatform(), trust }
  const signal = new AbortController().signal
  return { platform, signal, timeoutMs: 20_000, remote: parseGitRemote(bare), login: undefined, folder: ours }
}

test.each(CHOICES)('a push to a folder %s', async (_title, isChosen) => {
  const { bare, ours, commit, proof } = aRepositoryWithPrograms()

  const outcome = await pushRef(siteOf({ bare, ours }, isChosen), { ref: 'refs/heads/main', from: '', to: commit })

  expect(outcome).toEqual({ kind: 'pushed' })
  expect(git(bare, 'rev-parse', 'refs/heads/main')).toBe(commit)
  expect(existsSync(proof)).toBe(isChosen)
})

test.each(CHOICES)('a push that deletes refs of a folder %s', async (_title, isChosen) => {
  const { bare, ours, commit, proof } = aRepositoryWithPrograms()
  git(bare, 'update-ref', 'refs/bagboy/lock/1', commit)

  const isDone = await deleteRefs(siteOf({ bare, ours }, isChosen), ['refs/bagboy/lock/1'])

  expect([isDone, git(bare, 'for-each-ref')]).toEqual([true, ''])
  expect(existsSync(proof)).toBe(isChosen)
})
