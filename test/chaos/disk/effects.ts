/** What one call does to a disk, as far as a power cut can tell. Paths are relative to the folder that is watched. */
export type Effect =
  /** A name leads to a node from now on; `from` is the name it had until then, which ends in the same moment. */
  | { readonly kind: 'name'; readonly path: string; readonly node: number; readonly from?: string }
  | { readonly kind: 'unname'; readonly path: string }
  | { readonly kind: 'write'; readonly node: number; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly node: number; readonly size: number }

/** What was done, in its order: effects, what makes earlier ones durable, and what somebody was told. */
export type Recorded =
  | Effect
  /** Every earlier write and cut of this node is durable. */
  | { readonly kind: 'sync-node'; readonly node: number }
  /** Every earlier name in this folder is. */
  | { readonly kind: 'sync-folder'; readonly path: string }
  | { readonly kind: 'acknowledged'; readonly fact: string }

export interface Node {
  readonly kind: 'file' | 'folder'
  readonly bytes: Uint8Array
}

/** A disk: what every name leads to, and what the nodes hold. */
export interface Disk {
  readonly names: ReadonlyMap<string, number>
  readonly nodes: ReadonlyMap<number, Node>
}

export interface Recording {
  readonly start: Disk
  readonly recorded: readonly Recorded[]
  /** Of every node there ever was. */
  readonly kinds: ReadonlyMap<number, Node['kind']>
}

/** Pure. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}
