import type { PackageRef } from '../../src/domain/deployment.ts'
import { pinText } from '../../src/domain/compare.ts'
import type { Json } from '../../src/domain/json.ts'

/** What a registry is called in a list: its format, and the package where that alone is ambiguous. Pure. */
export function registryLabel(ref: PackageRef, among: readonly PackageRef[]): string {
  return among.filter(({ format }) => format === ref.format).length > 1 ? `${ref.format} ${ref.name}` : ref.format
}

/** A pointer as people name it: the part of it that looks like a version or a digest. Pure. */
export function pointerText(pointer: Json): string {
  if (pointer === null) return '–'
  if (typeof pointer !== 'object' || Array.isArray(pointer)) return pinText(pointer)
  const entries = Object.entries(pointer).filter(([, value]) => value !== null && value !== '')
  if (entries.length === 0) return '–'
  if (entries.length === 1) return pinText(entries[0]?.[1])
  return entries.map(([key, value]) => `${key} ${pinText(value)}`).join(' ')
}
