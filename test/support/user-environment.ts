/** The user's own folders of this test run, and trust in its projects, for programs whose whole environment is given. */
export function userEnvironment(): Readonly<Record<string, string>> {
  const names = ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'BAGBOY_TRUST']
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''))
}
