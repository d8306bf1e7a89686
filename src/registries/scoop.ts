import { z } from 'zod'
import { parseJson } from '../domain/parse-json.ts'
import { definePointerFileDriver } from './shared/pointer-file-driver.ts'
import { POINTER_FILE_OPTIONS } from './shared/pointer-file-format.ts'

const manifest = z.object({ version: z.string() })

/** An app in a Scoop bucket. */
export const scoop = definePointerFileDriver(
  {
    format: 'scoop',
    title: 'Scoop bucket',
    effect: {
      newInstalls:
        'Whoever installs from now on gets the old version, unless a bot that follows checkver raises the manifest again: stop it for this app, and look again a day later.',
      existingUsers:
        'Nobody is taken down: scoop update only goes up. Users run: scoop update; scoop uninstall NAME; scoop install NAME.',
      timeToEffect: "At each user's next scoop update.",
    },
    pathsOf: (name) => [`bucket/${name}.json`, `${name}.json`],
    parseVersion: (text) => manifest.safeParse(parseJson(text.replace(/^\uFEFF/u, ''))).data?.version,
  },
  z.strictObject(POINTER_FILE_OPTIONS),
)
