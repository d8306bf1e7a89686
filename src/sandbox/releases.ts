/** What one version of the sandbox's application is made of. */
export interface Release {
  /** Bare: `1.16.0`. */
  readonly version: string
  /** Before the sandbox's present. */
  readonly hoursAgo: number
  readonly summary: string
  /** Of its npm package. */
  readonly dependencies: Readonly<Record<string, string>>
  /** Of its image: `linux/arm64`. One platform is published as a plain manifest, several as an index. */
  readonly platforms: readonly string[]
  /** Of the image's base layer. */
  readonly base: string
  readonly codeBytes: number
  readonly outcome:
    | { readonly kind: 'healthy' }
    /** Taken back after `hours`: a rollback to the version before follows it in the history. */
    | { readonly kind: 'rolled-back'; readonly hours: number; readonly problem: string }
    /** The image was published, the npm package was refused, nothing else was tried. */
    | { readonly kind: 'failed'; readonly problem: string }
    /** Live now, and failing. */
    | { readonly kind: 'bad'; readonly problem: string; readonly failing: string }
}

/** What a release changes against the one before it. */
interface Change {
  readonly version: string
  readonly hoursAgo: number
  readonly summary: string
  readonly dependencies?: Readonly<Record<string, string | null>>
  readonly platforms?: readonly string[]
  readonly base?: string
  /** Added to the size of the code. */
  readonly grownBytes?: number
  readonly outcome?: Release['outcome']
}

/** The npm packages the application needs; all of these versions are published too. */
export const DEPENDENCY_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  '@acme/http': ['2.0.0', '2.1.0', '2.3.1', '3.0.0'],
  '@acme/log': ['1.0.0', '1.2.0'],
  '@acme/session': ['0.9.0', '1.0.0', '2.0.0'],
  '@acme/cache': ['1.1.0', '1.1.4'],
}

/** Paths that are checked. */
export const HEALTH_CHECKS = ['/health', '/login'] as const
/** Where the application answers when no service of the sandbox runs. */
export const PUBLIC_ADDRESS = 'https://hello.example.com'

const DAY = 24
const FIRST: Omit<Release, 'version' | 'hoursAgo' | 'summary'> = {
  dependencies: { '@acme/http': '2.0.0', '@acme/log': '1.0.0' },
  platforms: ['linux/amd64'],
  base: 'base-2025.1',
  codeBytes: 9_000,
  outcome: { kind: 'healthy' },
}

const CHANGES: readonly Change[] = [
  { version: '1.0.0', hoursAgo: 241 * DAY, summary: 'First public version' },
  { version: '1.0.1', hoursAgo: 238 * DAY, summary: 'Exit with 0 after --help' },
  { version: '1.1.0', hoursAgo: 229 * DAY, summary: 'Greets in German and French', grownBytes: 2_100 },
  { version: '1.1.1', hoursAgo: 225 * DAY, summary: 'No crash without LANG', grownBytes: 40 },
  {
    version: '1.2.0',
    hoursAgo: 214 * DAY,
    summary: 'Structured logs',
    dependencies: { '@acme/log': '1.2.0' },
    grownBytes: 900,
  },
  { version: '1.2.1', hoursAgo: 210 * DAY, summary: 'Logs no longer hold the query', grownBytes: 60 },
  { version: '1.3.0', hoursAgo: 197 * DAY, summary: 'Profiles', grownBytes: 3_300 },
  {
    version: '1.4.0',
    hoursAgo: 185 * DAY,
    summary: 'Sessions',
    dependencies: { '@acme/session': '0.9.0' },
    grownBytes: 2_700,
  },
  { version: '1.4.1', hoursAgo: 184 * DAY, summary: 'Sessions survive a restart', grownBytes: 120 },
  { version: '1.5.0', hoursAgo: 171 * DAY, summary: 'Faster start', dependencies: { '@acme/http': '2.1.0' } },
  {
    version: '1.5.1',
    hoursAgo: 166 * DAY,
    summary: 'Cache for profiles',
    dependencies: { '@acme/cache': '1.1.0' },
    grownBytes: 1_400,
    outcome: { kind: 'rolled-back', hours: 3, problem: 'Profiles of other users were shown from the cache' },
  },
  {
    version: '1.5.2',
    hoursAgo: 163 * DAY,
    summary: 'Cache keyed by user',
    dependencies: { '@acme/cache': '1.1.4' },
    grownBytes: 200,
  },
  { version: '1.6.0', hoursAgo: 150 * DAY, summary: 'New base image', base: 'base-2025.2' },
  { version: '1.7.0', hoursAgo: 141 * DAY, summary: 'Avatars', grownBytes: 5_200 },
  { version: '1.7.1', hoursAgo: 139 * DAY, summary: 'Avatars above 2 MB are refused', grownBytes: 90 },
  {
    version: '1.8.0',
    hoursAgo: 128 * DAY,
    summary: 'Image for arm64',
    platforms: ['linux/amd64', 'linux/arm64'],
  },
  {
    version: '1.9.0',
    hoursAgo: 117 * DAY,
    summary: 'Sessions 1.0',
    dependencies: { '@acme/session': '1.0.0' },
    outcome: { kind: 'rolled-back', hours: 1, problem: 'Sign-out did not end the session' },
  },
  { version: '1.9.1', hoursAgo: 114 * DAY, summary: 'Sign-out ends every session', grownBytes: 310 },
  { version: '1.10.0', hoursAgo: 101 * DAY, summary: 'Search', grownBytes: 6_800 },
  { version: '1.11.0', hoursAgo: 90 * DAY, summary: 'Search in profiles', grownBytes: 1_900 },
  { version: '1.11.1', hoursAgo: 88 * DAY, summary: 'Search ignores accents', grownBytes: 150 },
  {
    version: '1.12.0',
    hoursAgo: 77 * DAY,
    summary: 'HTTP/2 to the backend',
    dependencies: { '@acme/http': '2.3.1' },
    outcome: { kind: 'failed', problem: 'The npm token had expired; only the image went out' },
  },
  { version: '1.12.1', hoursAgo: 76 * DAY, summary: 'HTTP/2 to the backend, published again' },
  { version: '1.13.0', hoursAgo: 62 * DAY, summary: 'Dark mode', grownBytes: 2_400 },
  { version: '1.14.0', hoursAgo: 49 * DAY, summary: 'New base image', base: 'base-2026.1' },
  { version: '1.14.1', hoursAgo: 47 * DAY, summary: 'Time zones from the new base image', grownBytes: 30 },
  { version: '1.15.0', hoursAgo: 33 * DAY, summary: 'Export as CSV', grownBytes: 1_800 },
  { version: '1.15.1', hoursAgo: 30 * DAY, summary: 'Export keeps leading zeros', grownBytes: 70 },
  {
    version: '1.16.0',
    hoursAgo: 12 * DAY,
    summary: 'Image for arm v7',
    platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
  },
  {
    version: '1.17.0',
    hoursAgo: 0.4,
    summary: 'Sessions 2.0, no cache',
    dependencies: { '@acme/session': '2.0.0', '@acme/http': '3.0.0', '@acme/cache': null },
    platforms: ['linux/amd64', 'linux/arm64'],
    grownBytes: 14_300,
    outcome: {
      kind: 'bad',
      problem: 'HTTP 500 on /login for every account with a second factor: 12.4 % of all requests since the deployment',
      failing: HEALTH_CHECKS[1],
    },
  },
]

/** The whole story, oldest first. */
export const RELEASES = tell(CHANGES)

/** The newest version fails, and the one before it had been taken back by hand. */
export const TAKEN_BACK_ONLY = tell([
  {
    version: '1.0.0',
    hoursAgo: 17 * DAY,
    summary: 'First public version',
    outcome: { kind: 'rolled-back', hours: 2, problem: 'Wrote every password to its log' },
  },
  {
    version: '1.1.0',
    hoursAgo: 0.5,
    summary: 'Logs without passwords',
    dependencies: { '@acme/log': '1.2.0' },
    outcome: { kind: 'bad', problem: 'Does not start without a log file', failing: HEALTH_CHECKS[0] },
  },
])

/** Each release with everything it has, changed or not. */
function tell(changes: readonly Change[]): readonly Release[] {
  return changes.reduce<readonly Release[]>(
    (releases, change) => [...releases, applyChange(releases.at(-1) ?? FIRST, change)],
    [],
  )
}

function applyChange(before: Omit<Release, 'version' | 'hoursAgo' | 'summary'>, change: Change): Release {
  const merged = Object.entries({ ...before.dependencies, ...change.dependencies })
  const kept = merged.filter((entry): entry is [string, string] => entry[1] !== null)
  return {
    version: change.version,
    hoursAgo: change.hoursAgo,
    summary: change.summary,
    dependencies: Object.fromEntries(kept),
    platforms: change.platforms ?? before.platforms,
    base: change.base ?? before.base,
    codeBytes: before.codeBytes + (change.grownBytes ?? 0),
    outcome: change.outcome ?? { kind: 'healthy' },
  }
}
