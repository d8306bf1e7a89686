import type { Engine } from '../engine/engine.ts'
import { resolveTarget } from '../planner/resolve-target.ts'
import { shortCommit } from './render/short-commit.ts'
import type { Line } from './render/text.ts'

/** Which deployment the target word means: said before any registry is read. @throws TARGET_UNKNOWN, TARGET_UNSAFE */
export async function describeTarget(engine: Engine, target: string, now: string): Promise<Line> {
  const { history } = await engine.overview()
  const resolved = resolveTarget(history, target, now)
  const { version, id, timestamp, commit } = resolved.target
  return [
    { text: 'Target: ', tone: 'dim' },
    { text: version, tone: 'bold' },
    ` (history @${id}, deployed ${timestamp}${commit === '' ? '' : `, commit ${shortCommit(commit)}`}), chosen as ${target}`,
    `; live is ${resolved.active.version} (@${resolved.active.id})`,
  ]
}
