import type { Stamped } from '../../../src/events/events.ts'

export const RUN = '01JDXA7Q2M3N4P5R6S7T8V9WXY'

/** `count` records of one run, with text that JSON has to escape. */
export function stampedEvents(count: number, run = RUN): readonly Stamped[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'step.progress',
    step: `npm:größe-"${index}"@npm`,
    status: 'executing',
    done: index,
    total: 99,
    label: 'line\nbreak, "h":"x"} and \ufffd',
    run,
    seq: index + 1,
    at: '2026-11-23T10:00:00.000Z',
  }))
}
