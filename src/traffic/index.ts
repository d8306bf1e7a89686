import { haproxy } from './haproxy.ts'
import type { AnyTrafficProvider } from './provider.ts'

/** Every switch the program can turn: one line each. */
export const providers = [haproxy] as const satisfies readonly AnyTrafficProvider[]
