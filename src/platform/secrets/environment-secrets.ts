/** Names that say of themselves that a secret is in them. */
const NAMES = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)$/iu

/** What programs that get our environment may repeat of it. Pure. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (value !== undefined && NAMES.test(name) ? [value] : []))
}
