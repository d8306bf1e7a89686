import { Box, Text, useApp as useInk, useInput, usePaste, useWindowSize } from 'ink'
import { Component, useEffect, useMemo, type ReactNode } from 'react'
import type { AppStore } from '../store/app-store.ts'
import type { Commands } from '../store/commands.ts'
import type { KeyContext } from './input/key-binding.ts'
import { handlePaste } from './input/dialog-keys.ts'
import { handleKey } from './input/handle-key.ts'
import { keyName } from './input/key-name.ts'
import { layoutFor } from './frame/layout.ts'
import { oneLine } from './frame/frame-lines.ts'
import { CurrentScreen } from './frame/CurrentScreen.tsx'
import { LayoutContext, StoreContext, ThemeContext, useApp, type ReadableStore } from './store-context.ts'
import type { JobControl } from './terminal/job-control.ts'
import type { Theme } from './theme/theme.ts'

interface Props {
  readonly store: AppStore
  /** The store as it may be painted: behind the paint gate. */
  readonly painted: ReadableStore
  readonly commands: Commands
  readonly theme: Theme
  readonly redraw: () => void
  /** Absent where the process belongs to a host program. */
  readonly jobControl: JobControl | undefined
  /** Ends the app with an exit code. */
  readonly onQuit: (exitCode: number) => void
  readonly onCrash: (error: unknown) => void
}

export function App({ store, painted, commands, theme, redraw, jobControl, onQuit, onCrash }: Props): ReactNode {
  const { columns, rows } = useWindowSize()
  const { exit, suspendTerminal } = useInk()
  const layout = useMemo(() => layoutFor(columns, rows), [columns, rows])
  useEffect(() => jobControl?.attach((callback) => suspendTerminal(callback)), [jobControl, suspendTerminal])
  // Read at the moment of the key: several keys may come before the next frame.
  const context = (): KeyContext => ({
    commands,
    layout,
    state: store.getState(),
    dispatch: store.dispatch,
    redraw,
    suspend: () => void jobControl?.suspend(),
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
            {layout.mode === 'line' ? (
              <OneLine columns={columns} />
            ) : (
              <CurrentScreen onSelect={commands.choose} columns={columns} />
            )}
          </LayoutContext>
        </ThemeContext>
      </StoreContext>
    </CrashBoundary>
  )
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
