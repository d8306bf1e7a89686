/** The two sides of an unfinished git merge, each as a whole file. */
export interface ConflictSides {
  readonly ours: string
  readonly theirs: string
}

interface Marker {
  readonly kind: '<' | '|' | '=' | '>'
  /** Git makes the markers of a conflict inside a common ancestor longer. */
  readonly size: number
}

const MARKER = /^(<{7,}|\|{7,}|={7,}|>{7,})(?: [^\n]*)?\r?\n?$/u

export function markerOf(line: string): Marker | undefined {
  const run = MARKER.exec(line)?.[1]
  return run === undefined ? undefined : { kind: run.charAt(0) as Marker['kind'], size: run.length }
}

interface Reading {
  readonly lines: readonly string[]
  at: number
}

/**
 * Both sides of a file with conflict markers: two-way, with the common ancestor (`diff3`, `zdiff3`), interleaved in an entry,
 * and one conflict inside another. `undefined` when the markers do not fit together. Pure.
 */
export function splitConflict(text: string): ConflictSides | undefined {
  const reading: Reading = { lines: text.match(/[^\n]*\n|[^\n]+$/gu) ?? [], at: 0 }
  const sides = readLines(reading, undefined)
  return sides !== undefined && reading.at === reading.lines.length ? sides : undefined
}

/** Up to a marker that belongs to the conflict around these lines, which is left to be read. */
function readLines(reading: Reading, size: number | undefined): ConflictSides | undefined {
  const sides = { ours: '', theirs: '' }
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? ''
    const marker = markerOf(line)
    if (marker && marker.kind !== '<') return marker.size === size ? sides : undefined
    reading.at += 1
    if (!marker) {
      sides.ours += line
      sides.theirs += line
      continue
    }
    const conflict = readConflict(reading, marker.size)
    if (!conflict) return undefined
    sides.ours += conflict.ours
    sides.theirs += conflict.theirs
  }
  return size === undefined ? sides : undefined
}

/** Behind its first marker. What the two sides started from, if it is there, is what neither of them says any more. */
function readConflict(reading: Reading, size: number): ConflictSides | undefined {
  const ours = readLines(reading, size)
  if (!ours) return undefined
  if (takeMarker(reading) === '|') {
    if (!readLines(reading, size)) return undefined
    takeMarker(reading)
  }
  if (kindBefore(reading) !== '=') return undefined
  const theirs = readLines(reading, size)
  return theirs && takeMarker(reading) === '>' ? { ours: ours.ours, theirs: theirs.theirs } : undefined
}

function takeMarker(reading: Reading): Marker['kind'] | undefined {
  reading.at += 1
  return kindBefore(reading)
}

function kindBefore({ lines, at }: Reading): Marker['kind'] | undefined {
  return markerOf(lines[at - 1] ?? '')?.kind
}
