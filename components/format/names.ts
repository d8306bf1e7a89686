import type { PackageRef } from '../../src/domain/deployment.ts'
import { pinText } from '../../src/domain/pin-text.ts'
import type { Json, JsonObject } from '../../src/domain/text/json.ts'

/** What a registry is called in a list: its format, and the package where that alone is ambiguous. Pure. */
export function registryLabel(ref: PackageRef, among: readonly PackageRef[]): string {
  return among.filter(({ format }) => format === ref.format).length > 1 ? `${ref.format} ${ref.name}` : ref.format
}

/** `ana on bastion`. Pure. */
export function actorText({ user, host }: JsonObject): string {
  return `${typeof user === 'string' ? user : 'somebody'}${typeof host === 'string' ? ` on ${host}` : ''}`
}

/** A pointer as people name it; `–` when there is none. Pure. */
export function pointerText(pointer: Json): string {
  return pinText(pointer) || '–'
}
