import { lineOf } from '../../src/trust/trust-part.ts'
import { PART_GROUPS, partText } from '../../src/trust/part-text.ts'
import type { TrustReport } from '../../src/trust/trust-report.ts'
import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { CommandContext } from '../command-context.ts'
import { openedNow, type TrustDialog } from '../dialog/dialog.ts'
import { safe } from '../safe.ts'

interface Others {
  /** Reads everything again, with what trust adds to it. */
  refresh(): Promise<void>
}

/** Asking whether a project may run its programs and use secrets, and what follows from the answer. */
export function trustCommands({ engine, dispatch, ports, notify }: CommandContext, others: Others) {
  const show = (report: TrustReport): void => dispatch({ type: 'trust.read', trust: report.state })
  return {
    /** At the start; asks nothing of a project that is trusted, or names nothing that would need it. */
    async askTrust(): Promise<void> {
      try {
        const report = await engine.trust()
        show(report)
        if (report.state !== 'untrusted' && report.state !== 'changed') return
        dispatch({
          type: 'dialog.opened',
          dialog: trustDialog(report, openedNow(ports), (isTrusting) => void (isTrusting && giveTrust(report.hash))),
        })
      } catch (error) {
        dispatch({ type: 'error.shown', error: safe(toErrorReport(error)) })
      }
    },
  }

  async function giveTrust(hash: string): Promise<void> {
    try {
      show(await engine.giveTrust(hash))
      notify('ok', 'This folder is trusted. You are asked again when this list changes.')
      await others.refresh()
    } catch (error) {
      dispatch({ type: 'error.shown', error: safe(toErrorReport(error)) })
    }
  }
}

function trustDialog(
  { file, state, parts, added }: TrustReport,
  opened: ReturnType<typeof openedNow>,
  accept: TrustDialog['accept'],
): TrustDialog {
  const isNew = new Set(added.map(lineOf))
  const why =
    state === 'changed'
      ? 'It changed since you trusted it. New lines are marked with +.'
      : 'Until you trust it, none of this is run or used. You can still view everything.'
  const groups = PART_GROUPS.flatMap(({ kind, title }) => {
    const group = parts.filter((part) => part.kind === kind)
    return group.length === 0
      ? []
      : ['', title, ...group.map((part) => `${isNew.has(lineOf(part)) ? '+' : ' '} ${partText(part)}`)]
  })
  return {
    kind: 'trust',
    lines: [safe(file), why, ...groups],
    isTrusting: false,
    offset: 0,
    accept,
    ...opened,
  }
}
