import { Box } from 'ink'
import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { wrap } from '../format/text.ts'
import { clockTime } from '../../src/view/time.ts'
import { deployQuestion, deployTitle } from './deploy-words.ts'
import { logLines } from '../run/log-lines.ts'
import { slotLines } from './slot-lines.ts'
import { STAGE_COLUMNS, stageCells, stageBreadcrumb } from './stage-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain, type Line } from '../primitives/line.ts'
import type { TrafficState } from '../../store/traffic/traffic-state.ts'

/** Rows of the log that there should be at least. */
const LEAST_LOG = 4

/** Both slots as the balancer says, and the deploy between them, stage by stage. */
export function TrafficScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const traffic = useApp((state) => state.traffic)
  const health = useApp((state) => state.health)
  const now = useApp((state) => state.now)
  const cursor = useApp((state) => cursorOf(state, 'traffic'))
  if (!traffic) return <Lines lines={[[], plain('   There is no balancer to read.', 'dim')]} width={columns} />
  const { deploy } = traffic
  const isWide = mode === 'panes'
  const frame = isWide ? 2 : 1
  const notes = noteLines(traffic, columns - 2)
  const slots = frame + 2 + notes.length
  const hasLog = deploy !== null || traffic.log.length > 0
  const left = isWide && hasLog ? Math.floor(columns * 0.62) : columns
  const question = deploy ? deployQuestion(deploy, left - 4) : []
  const wanted = frame + 2 + question.length + (deploy?.stages.length ?? 1)
  const rest = contentRows - slots
  const stages = isWide || !hasLog ? rest : Math.max(frame + 3, Math.min(wanted, rest - LEAST_LOG))
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel title="Slots" note={slotsNote(traffic)} width={columns} height={slots}>
        {(inner) => <Lines lines={[...slotLines({ traffic, health }, inner.width), ...notes]} width={inner.width} />}
      </Panel>
      <Box flexDirection={isWide ? 'row' : 'column'} width={columns} height={rest}>
        <Panel title={deployTitle(traffic)} note={deployNote(traffic)} width={left} height={stages} isActive>
          {(inner) =>
            deploy ? (
              <>
                <Lines lines={[stageBreadcrumb(deploy, inner.width), ...question]} width={inner.width} />
                <Table
                  columns={STAGE_COLUMNS}
                  count={deploy.stages.length}
                  cursor={cursor}
                  row={(index) => stageCells(deploy, index, now)}
                  width={inner.width}
                  height={inner.height - 1 - question.length}
                />
              </>
            ) : (
              <Lines lines={traffic.report ? NOTHING_OPEN : NOT_READ} width={inner.width} />
            )
          }
        </Panel>
        <Panel
          title="Log"
          note={traffic.log.length === 0 ? '' : 'newest below'}
          width={isWide ? columns - left : columns}
          height={isWide ? rest : rest - stages}
        >
          {(inner) => <Lines lines={logLines(traffic.log, inner.height, false)} width={inner.width} />}
        </Panel>
      </Box>
    </Box>
  )
}

const NOT_READ: readonly Line[] = [plain('   The balancer is not read yet.')]

const NOTHING_OPEN: readonly Line[] = [
  plain('   No deploy is open.'),
  plain('   A new version goes to the slot without traffic:', 'dim'),
  plain('   bagboy-tui deploy --version VERSION', 'dim'),
]

function slotsNote({ report, readAt }: TrafficState): string {
  return report ? `${report.title} ─ read ${clockTime(readAt)}` : 'not read yet'
}

/** What keeps the picture from being true, or from being changed. */
function noteLines({ report, error }: TrafficState, width: number): readonly Line[] {
  const lines = [
    ...(error ? [`${error.message} (${error.code})`] : []),
    ...(report?.isSettled === false ? ['What is written down and what is done differ: it has not settled.'] : []),
    ...(report?.access === 'denied' ? ['It can be read but not changed from here.'] : []),
    ...(report?.warnings ?? []),
  ]
  return lines.slice(0, 3).flatMap((text) =>
    wrap(text, width - 3)
      .slice(0, 2)
      .map((one) => plain(` ▲ ${one}`, 'warning')),
  )
}

function deployNote({ deploy, isFollowed, report }: TrafficState): string {
  if (!deploy) return ''
  if (deploy.result !== null) return `${deploy.result} at ${clockTime(deploy.finishedAt ?? '')}`
  const at = `${Math.min(deploy.position + 1, deploy.stages.length)} of ${deploy.stages.length}`
  if (deploy.direction === 'back') return `${at} ─ going back`
  if (deploy.isPaused) return `${at} ─ paused`
  return isFollowed || report?.isWorkedOn === true ? at : `${at} ─ no process works on it`
}
