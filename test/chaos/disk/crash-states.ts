import { createHash } from 'node:crypto'
import { seededRandom } from '../../support/builders/mutate-text.ts'
import { folderOf, type Disk, type Effect, type Node, type Recorded, type Recording } from './effects.ts'

/**
 * What a disk may do with effects that nothing has made durable yet.
 * `ordered`: they reach it in their order, the last of them perhaps in part.
 * `weak`: any of them may be missing, whatever came later, and a write may be there in part, or as NULs of the right length.
 */
export type DiskModel = 'ordered' | 'weak'

export interface CrashState {
  readonly disk: Disk
  /** What had been acknowledged when the power was cut. */
  readonly acknowledged: readonly string[]
}

/** So many ways out of one moment are tried one by one; of more, so many are drawn. */
const MOST_WAYS = 2000
const SEED = 20_261_124

/** How one effect met the power cut. */
type Fate = 'there' | 'missing' | 'half' | 'nul'

/** Every different state a power cut at any moment may leave. Pure. */
export function* crashStates({ start, recorded, kinds }: Recording, model: DiskModel): Generator<CrashState> {
  const seen = new Set<string>()
  for (let moment = 0; moment <= recorded.length; moment += 1) {
    const past = recorded.slice(0, moment)
    const acknowledged = past.flatMap((one) => (one.kind === 'acknowledged' ? [one.fact] : []))
    const { effects, open } = openEffects(past)
    for (const fates of model === 'ordered' ? orderedFates(open) : weakFates(open)) {
      const disk = applyEffects(
        start,
        kinds,
        effects,
        new Map(open.map((effect, index) => [effect, fates[index] ?? 'there'])),
      )
      const key = fingerprint(disk, acknowledged)
      if (seen.has(key)) continue
      seen.add(key)
      yield { disk, acknowledged }
    }
  }
}

/** All effects so far, and those among them that may still be lost. */
function openEffects(past: readonly Recorded[]): {
  readonly effects: readonly Effect[]
  readonly open: readonly Effect[]
} {
  const effects: Effect[] = []
  const open = new Set<Effect>()
  for (const one of past) {
    if (one.kind === 'sync-node') {
      for (const effect of open)
        if ('node' in effect && effect.kind !== 'name' && effect.node === one.node) open.delete(effect)
    } else if (one.kind === 'sync-folder') {
      for (const effect of open) if ('path' in effect && folderOf(effect.path) === one.path) open.delete(effect)
    } else if (one.kind !== 'acknowledged') {
      effects.push(one)
      open.add(one)
    }
  }
  return { effects, open: [...open] }
}

function fatesOf(effect: Effect): readonly Fate[] {
  return effect.kind === 'write' ? ['there', 'missing', 'half', 'nul'] : ['there', 'missing']
}

function* orderedFates(open: readonly Effect[]): Generator<readonly Fate[]> {
  for (let count = 0; count <= open.length; count += 1) {
    const fates = open.map((_, index): Fate => (index < count ? 'there' : 'missing'))
    yield fates
    if (open[count]?.kind === 'write') yield fates.with(count, 'half')
  }
}

function* weakFates(open: readonly Effect[]): Generator<readonly Fate[]> {
  const choices = open.map(fatesOf)
  const wayCount = choices.reduce((product, { length }) => product * length, 1)
  if (wayCount <= MOST_WAYS) {
    for (let way = 0; way < wayCount; way += 1) {
      let rest = way
      yield choices.map((choice) => {
        const fate = choice[rest % choice.length] ?? 'there'
        rest = Math.floor(rest / choice.length)
        return fate
      })
    }
    return
  }
  yield* orderedFates(open)
  const random = seededRandom(SEED)
  for (let count = 0; count < MOST_WAYS; count += 1) {
    yield choices.map((choice) => choice[Math.floor(random() * choice.length)] ?? 'there')
  }
}

function applyEffects(
  start: Disk,
  kinds: Recording['kinds'],
  effects: readonly Effect[],
  fates: ReadonlyMap<Effect, Fate>,
): Disk {
  const names = new Map(start.names)
  const nodes = new Map(start.nodes)
  const hold = (node: number): Node => nodes.get(node) ?? { kind: kinds.get(node) ?? 'file', bytes: new Uint8Array() }
  for (const effect of effects) {
    const fate = fates.get(effect) ?? 'there'
    if (fate === 'missing') continue
    switch (effect.kind) {
      case 'name':
        if (effect.from !== undefined) moveNames(names, effect.from, effect.path)
        names.set(effect.path, effect.node)
        if (!nodes.has(effect.node)) nodes.set(effect.node, hold(effect.node))
        break
      case 'unname':
        names.delete(effect.path)
        break
      case 'cut':
        nodes.set(effect.node, { ...hold(effect.node), bytes: resize(hold(effect.node).bytes, effect.size) })
        break
      case 'write':
        nodes.set(effect.node, { ...hold(effect.node), bytes: writeInto(hold(effect.node).bytes, effect, fate) })
    }
  }
  return { names: reachable(names, nodes), nodes }
}

/** What stands in a folder goes with it. */
function moveNames(names: Map<string, number>, from: string, to: string): void {
  for (const [path, node] of new Map(names)) {
    if (path !== from && !path.startsWith(`${from}/`)) continue
    names.delete(path)
    names.set(to + path.slice(from.length), node)
  }
}

function writeInto(old: Uint8Array, { at, bytes }: Extract<Effect, { kind: 'write' }>, fate: Fate): Uint8Array {
  const count = fate === 'half' ? Math.floor(bytes.length / 2) : bytes.length
  const next = resize(old, Math.max(old.length, at + count))
  next.set(fate === 'nul' ? new Uint8Array(count) : bytes.subarray(0, count), at)
  return next
}

function resize(bytes: Uint8Array, size: number): Uint8Array {
  const next = new Uint8Array(size)
  next.set(bytes.subarray(0, size))
  return next
}

/** A name in a folder that is not there cannot be found. */
function reachable(names: ReadonlyMap<string, number>, nodes: ReadonlyMap<number, Node>): ReadonlyMap<string, number> {
  const isFolder = (path: string): boolean => {
    if (path === '') return true
    const node = names.get(path)
    return node !== undefined && nodes.get(node)?.kind === 'folder' && isFolder(folderOf(path))
  }
  return new Map([...names].filter(([path]) => isFolder(folderOf(path))))
}

function fingerprint({ names, nodes }: Disk, acknowledged: readonly string[]): string {
  const hash = createHash('sha256').update(acknowledged.join('\n'))
  for (const path of [...names.keys()].sort()) {
    const node = nodes.get(names.get(path) ?? 0)
    hash.update(`\n${path}\n${node?.kind}\n`).update(node?.bytes ?? '')
  }
  return hash.digest('hex')
}
