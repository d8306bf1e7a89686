import type { ZodType } from 'zod'
import type { Json } from '../../domain/json.ts'
import { untrusted } from '../../domain/display.ts'
import { parseVersion, sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import {
  defineDriver,
  type AnyDriver,
  type DriverContext,
  type RegistryDriver,
  type Snapshot,
  type Subject,
} from '../driver.ts'
import { probeAccess } from './git-access.ts'
import { COMMIT_FILE, commitFile } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { createFilePin, pointerOfFilePin } from './pointer-file-pin.ts'
import { readPlace, type FilePlace } from './pointer-file-place.ts'
import { planPointerFile } from './pointer-file-plan.ts'
import { pointerFileOutOfScope } from './pointer-file-scope.ts'
import { decode, findPinOf, findTarget, type FileTarget } from './pointer-file-target.ts'

/**
 * A driver for a git repository with one file per package. Its action is a custom one: what is pushed depends on the
 * head at that moment, so that read and write belong together.
 */
export function definePointerFileDriver<Options extends PointerFileOptions>(
  format: PointerFileFormat,
  options: ZodType<Options>,
): AnyDriver {
  const driver: RegistryDriver<Options> = {
    format: format.format,
    title: format.title,
    login: 'your git login',
    options,
    group: 3,
    effect: format.effect,
    inspect: (subject, context) => inspect(format, subject, context),
    capture: (target, context) => capture(format, target, context),
    pointerOf: ({ pin }) => pointerOfFilePin(pin),
    plan: (request) => planPointerFile(format, request),
    outOfScope: (action, scope) => pointerFileOutOfScope(format, action, scope),
    operations: { [COMMIT_FILE]: commitFile },
  }
  return defineDriver(driver)
}

async function inspect(
  format: PointerFileFormat,
  { package: ref, to }: Subject,
  context: DriverContext<PointerFileOptions>,
): Promise<Snapshot> {
  const place = await readPlace(format, ref, to.pin, context)
  const { path, entry, head, site } = place
  const before = textOf(place)
  const { target, text } = refuseMoved(place, lowered(place, await findTarget(place, to), context.options))
  return {
    pointer: { files: { [path]: entry?.blob ?? null } },
    revision: head.commit,
    serving: servedVersion(place),
    target,
    access: await probeAccess(site),
    preview: { before, after: text },
  }
}

async function capture(
  format: PointerFileFormat,
  { package: ref, version }: Parameters<RegistryDriver<PointerFileOptions>['capture']>[0],
  context: DriverContext<PointerFileOptions>,
): Promise<Json> {
  const place = await readPlace(format, ref, null, context)
  const { path, entry, content, head, site } = place
  const served = servedVersion(place)
  if (entry && content && served !== null && sameVersion(served, version)) {
    return createFilePin(path, entry.blob, content, head.commit)
  }
  const found = await findPinOf(place, version)
  if (found) return found.pin
  throw new BagboyError('REGISTRY_NOT_FOUND', `${site.remote.shown} has no ${version} at ${untrusted(path, 200)}.`, {
    hint: served === null ? 'Set path: to the file of this package.' : `It serves ${served}; publish ${version} first.`,
  })
}

function textOf({ content }: FilePlace): string {
  return content === undefined ? '' : decode(content)
}

/** Only what can be a version: it goes into titles and comparisons. */
function servedVersion(place: FilePlace): string | null {
  const found = place.format.parseVersion(textOf(place))
  return found === undefined ? null : (parseVersion(found) ?? null)
}

/** A file that moved since the version was deployed would be served twice. */
function refuseMoved({ path, elsewhere }: FilePlace, found: FileTarget): FileTarget {
  if (elsewhere === undefined || found.target.status !== 'present') return found
  const [recorded, now] = [untrusted(path, 200), untrusted(elsewhere, 200)]
  return {
    ...found,
    target: {
      status: 'changed',
      detail: `the package was at ${recorded} and is now at ${now}: both would be served`,
      remedy: `Set path: ${now} in bagboy.yaml to restore its text there, or move the file back first.`,
    },
  }
}

function lowered({ format, content }: FilePlace, found: FileTarget, options: PointerFileOptions): FileTarget {
  if (options.bump_version_scheme !== true || found.target.status !== 'present' || content === undefined) return found
  const text = format.lowerClients?.(found.text, decode(content))
  if (text === undefined) return found
  if (!text.includes('\uFFFD')) return { ...found, text }
  return {
    ...found,
    target: {
      status: 'changed',
      detail: 'the old text is not UTF-8, so its version_scheme cannot be raised without damage',
      remedy: 'Set bump_version_scheme: false for this registry.',
    },
  }
}
