import type { Platform } from '../../../platform/platform.ts'

export interface DockerLogin {
  /** Empty for an identity token. */
  readonly user: string
  readonly secret: string
}

export interface LoginRequest {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly timeoutMs: number
}
