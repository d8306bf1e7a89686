import type { ZodType } from 'zod'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { TrafficContext } from '../provider.ts'

export type KubernetesContext = TrafficContext<{
  readonly kubectl: readonly string[]
  readonly context?: string | undefined
  readonly namespace: string
  readonly env: readonly string[]
}>

/** @throws REGISTRY_BROKEN when the object is none of that kind */
export function parseObject<Value>(form: ZodType<Value>, value: unknown, name: string): Value {
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new BagboyError('REGISTRY_BROKEN', `Kubernetes: ${name} is not what its kind promises (${where})`, {
    hint: 'Look at it: kubectl get … --output=json',
  })
}
