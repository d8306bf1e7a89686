import type { ReactNode } from 'react'
import type { Screen } from '../../store/state.ts'
import { wrap } from '../format/text.ts'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp } from '../store-context.ts'
import { CompareScreen } from '../compare/CompareScreen.tsx'
import { DialogView } from './DialogView.tsx'
import { EffectsScreen } from '../plan/EffectsScreen.tsx'
import { Frame } from './Frame.tsx'
import { HelpOverlay } from '../help/HelpOverlay.tsx'
import { HealthScreen } from '../health/HealthScreen.tsx'
import { HistoryScreen } from '../history/HistoryScreen.tsx'
import { PlanScreen } from '../plan/PlanScreen.tsx'
import { PruneScreen } from '../prune/PruneScreen.tsx'
import { RecoveryScreen } from '../recovery/RecoveryScreen.tsx'
import { ResultScreen } from '../run/ResultScreen.tsx'
import { RunScreen } from '../run/RunScreen.tsx'
import { RunsScreen } from '../recovery/RunsScreen.tsx'
import { StepScreen } from '../plan/StepScreen.tsx'
import { TargetScreen } from '../plan/TargetScreen.tsx'
import { TrafficScreen } from '../traffic/TrafficScreen.tsx'
import { VersionScreen } from '../history/VersionScreen.tsx'
import { plain } from '../primitives/line.ts'

interface Props {
  /** Of a menu. */
  readonly onSelect: (value: string) => void
  readonly columns: number
}

/** The screen that is open in its frame, or what stands in front of it. */
export function CurrentScreen({ onSelect, columns }: Props): ReactNode {
  const screen = useApp((state) => state.screen)
  const dialog = useApp((state) => state.dialog)
  const help = useApp((state) => state.help)
  const failure = useApp((state) => (state.overview ? null : state.overviewError))
  const isReading = useApp((state) => state.overview === null)
  return (
    <Frame>
      {dialog ? (
        <DialogView dialog={dialog} onSelect={onSelect} />
      ) : help ? (
        <HelpOverlay />
      ) : failure ? (
        <Lines
          width={columns}
          lines={[
            [],
            plain(`   ${failure.code}`, 'bad'),
            ...wrap(failure.message, columns - 6).map((text) => plain(`   ${text}`)),
            [],
            ...wrap(failure.hint ?? '', columns - 6).map((text) => plain(`   ${text}`, 'info')),
            [],
            plain('   ctrl-r reads again   q quits', 'dim'),
          ]}
        />
      ) : isReading ? null : (
        SCREENS[screen]
      )}
    </Frame>
  )
}

const SCREENS: Readonly<Record<Screen, ReactNode>> = {
  history: <HistoryScreen />,
  health: <HealthScreen />,
  traffic: <TrafficScreen />,
  version: <VersionScreen />,
  compare: <CompareScreen />,
  target: <TargetScreen />,
  plan: <PlanScreen />,
  step: <StepScreen />,
  effects: <EffectsScreen />,
  run: <RunScreen />,
  result: <ResultScreen />,
  recovery: <RecoveryScreen />,
  prune: <PruneScreen />,
  runs: <RunsScreen />,
}
