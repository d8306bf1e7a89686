import { caddy } from './caddy/provider.ts'
import { command } from './command/provider.ts'
import { haproxy } from './haproxy/provider.ts'
import { kamalProxy } from './kamal-proxy/provider.ts'
import { kubernetes } from './kubernetes/provider.ts'
import { nginx } from './nginx/provider.ts'
import type { AnyTrafficProvider } from './provider.ts'
import { traefik } from './traefik/provider.ts'

/** Every switch the program can turn: one line each. */
export const providers = [
  haproxy,
  nginx,
  caddy,
  traefik,
  kubernetes,
  kamalProxy,
  command,
] as const satisfies readonly AnyTrafficProvider[]
