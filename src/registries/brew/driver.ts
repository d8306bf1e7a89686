import { z } from 'zod'
import { BREW_LAYOUT } from './brew-layout.ts'
import { brewVersion, brewVersions } from './brew-version.ts'
import { raiseVersionScheme } from './raise-version-scheme.ts'
import { definePointerFileDriver } from '../pointer-file/pointer-file-driver.ts'
import { POINTER_FILE_OPTIONS } from '../pointer-file/pointer-file-format.ts'

/** A formula or cask in a Homebrew tap. */
export const brew = definePointerFileDriver(
  {
    format: 'brew',
    title: 'Homebrew tap',
    effect: {
      newInstalls: 'New installs get the old version.',
      existingUsers:
        'A formula stays at the bad version until its users run: brew update && brew uninstall NAME && brew install NAME. A cask goes down with the next brew upgrade, unless it updates itself.',
      timeToEffect: "At each user's next brew update, which most brew commands begin with.",
    },
    ...BREW_LAYOUT,
    parseVersion: brewVersion,
    versionsOf: brewVersions,
    lowerClients: raiseVersionScheme,
  },
  z.strictObject({
    ...POINTER_FILE_OPTIONS,
    /** Takes users of the bad version down too; every later formula then has to keep the raised scheme. */
    bump_version_scheme: z.boolean().default(false),
  }),
)
