import { useState } from 'react'
import { windowStart } from './window.ts'

/** The first visible row of a list, kept from frame to frame so that it moves no more than it must. */
export function useWindow(cursor: number, count: number, height: number): number {
  const [start, setStart] = useState(0)
  const next = windowStart(cursor, count, height, start)
  if (next !== start) setStart(next)
  return next
}
