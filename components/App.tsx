import { Box, Text, useApp as useInk, useInput, usePaste, useWindowSize } from 'ink'
import { Component, useMemo, type ReactNode } from 'react'
import type { AppStore } from '../store/app-store.ts'
import type { Commands } from '../store/commands.ts'
import type { Screen } from '../store/state.ts'
import type { ActionContext } from './input/action.ts'
import { handleKey, handlePaste } from './input/handle-key.ts'
import { keyName } from './input/key-name.ts'
import { layoutFor } from './layout/layout.ts'
import { oneLine } from './panels/frame-lines.ts'
import { Lines, plain } from './primitives/TextLine.tsx'
import { CompareScreen } from './screens/CompareScreen.tsx'
import { DialogView } from './screens/DialogView.tsx'
import { EffectsScreen } from './screens/EffectsScreen.tsx'
import { Frame } from './screens/Frame.tsx'
import { HelpOverlay } from './screens/HelpOverlay.tsx'
import { HealthScreen } from './screens/HealthScreen.tsx'
import { HistoryScreen } from './screens/HistoryScreen.tsx'
import { PlanScreen } from './screens/PlanScreen.tsx'
import { PruneScreen } from './screens/PruneScreen.tsx'
import { RecoveryScreen } from './screens/RecoveryScreen.tsx'
import { ResultScreen } from './screens/ResultScreen.tsx'
import { RunScreen } from './screens/RunScreen.tsx'
import { RunsScreen } from './screens/RunsScreen.tsx'
import { StepScreen } from './screens/StepScreen.tsx'
import { TargetScreen } from './screens/TargetScreen.tsx'
import { TrafficScreen } from './screens/TrafficScreen.tsx'
import { VersionScreen } from './screens/VersionScreen.tsx'
import { LayoutContext, StoreContext, ThemeContext, useApp, type ReadableStore } from './store-context.ts'
import { suspendToShell } from './terminal/suspend.ts'
import type { Theme } from './theme/theme.ts'
import { wrap } from './format/text.ts'

interface Props {
  readonly store: AppStore
  /** The store as it may be painted: behind the paint gate. */
  readonly painted: ReadableStore
  readonly commands: Commands
  readonly theme: Theme
  readonly redraw: () => void
  /** Ends the app with an exit code. */
  readonly onQuit: (exitCode: number) => void
  readonly onCrash: (error: unknown) => void
}

export function App({ store, painted, commands, theme, redraw, onQuit, onCrash }: Props): ReactNode {
  const { columns, rows } = useWindowSize()
  const { exit, suspendTerminal } = useInk()
  const layout = useMemo(() => layoutFor(columns, rows), [columns, rows])
  // Read at the moment of the key: several keys may come before the next frame.
  const context = (): ActionContext => ({
    commands,
    layout,
    state: store.getState(),
    dispatch: store.dispatch,
    redraw,
    suspend: () => void suspendTerminal(suspendToShell),
    quit: (exitCode) => {
      onQuit(exitCode)
      exit()
    },
  })
  useInput((input, key) => handleKey(keyName(input, key), input, context()))
  usePaste((text) => handlePaste(text, context()))
  return (
    <CrashBoundary onCrash={onCrash}>
      <StoreContext value={painted}>
        <ThemeContext value={theme}>
          <LayoutContext value={layout}>
            {layout.mode === 'line' ? <OneLine columns={columns} /> : <Whole commands={commands} columns={columns} />}
          </LayoutContext>
        </ThemeContext>
      </StoreContext>
    </CrashBoundary>
  )
}

function Whole({ commands, columns }: { readonly commands: Commands; readonly columns: number }): ReactNode {
  const screen = useApp((state) => state.screen)
  const dialog = useApp((state) => state.dialog)
  const help = useApp((state) => state.help)
  const failure = useApp((state) => (state.overview ? null : state.overviewError))
  const isReading = useApp((state) => state.overview === null)
  return (
    <Frame>
      {dialog ? (
        <DialogView dialog={dialog} onSelect={commands.choose} />
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

function OneLine({ columns }: { readonly columns: number }): ReactNode {
  const text = useApp(oneLine)
  return (
    <Box width={columns} height={1} overflow="hidden">
      <Text wrap="truncate">{text}</Text>
    </Box>
  )
}

/** A screen that cannot be drawn ends the app in the one way every crash ends it; the run goes on in the engine. */
class CrashBoundary extends Component<{ readonly onCrash: (error: unknown) => void; readonly children: ReactNode }> {
  override readonly state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onCrash(error)
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children
  }
}
