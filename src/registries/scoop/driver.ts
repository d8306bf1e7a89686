import { z } from 'zod'
import { manifestVersion } from './manifest-version.ts'
import { SCOOP_LAYOUT } from './scoop-layout.ts'
import { definePointerFileDriver } from '../pointer-file/pointer-file-driver.ts'
import { POINTER_FILE_OPTIONS } from '../pointer-file/pointer-file-format.ts'

/** An app in a Scoop bucket. */
export const scoop = definePointerFileDriver(
  {
    format: 'scoop',
    title: 'Scoop bucket',
    effect: {
      newInstalls:
        'New installs get the old version, unless a bot that follows checkver raises the manifest again: stop it for this app, and look again a day later.',
      existingUsers:
        'No existing install goes back: scoop update only goes up. Users run: scoop update; scoop uninstall NAME; scoop install NAME.',
      timeToEffect: "At each user's next scoop update.",
    },
    ...SCOOP_LAYOUT,
    parseVersion: manifestVersion,
  },
  z.strictObject(POINTER_FILE_OPTIONS),
)
