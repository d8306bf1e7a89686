import { caddy } from './caddy.ts'
import { command } from './command.ts'
import { haproxy } from './haproxy.ts'
import { kamalProxy } from './kamal-proxy.ts'
import { kubernetes } from './kubernetes.ts'
import { nginx } from './nginx.ts'
import type { AnyTrafficProvider } from './provider.ts'
import { traefik } from './traefik.ts'

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
