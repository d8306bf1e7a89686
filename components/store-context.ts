import { createContext, useContext } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { AppState } from '../store/state.ts'
import { createTheme, type Theme } from './theme/theme.ts'
import type { Layout } from './frame/layout.ts'
import { layoutFor } from './frame/layout.ts'

/** The part of the store a screen may use: it reads, it never writes. */
export type ReadableStore = Pick<StoreApi<AppState>, 'getState' | 'getInitialState' | 'subscribe'>

export const StoreContext = createContext<ReadableStore | undefined>(undefined)
export const ThemeContext = createContext<Theme>(createTheme({ isAscii: false, hasColor: true }))
export const LayoutContext = createContext<Layout>(layoutFor(80, 24))

/** One derived value; the component is drawn again only when it changes. */
export function useApp<T>(selector: (state: AppState) => T): T {
  const store = useContext(StoreContext)
  if (!store) throw new Error('useApp outside of <App>')
  return useStore(store, selector)
}

export const useTheme = (): Theme => useContext(ThemeContext)
export const useLayout = (): Layout => useContext(LayoutContext)
