export interface YamlOptions {
  /** Of the text; more is refused before it is parsed. */
  readonly maxBytes: number
  /**
   * `exact`: a number only when its text is the one we would write, otherwise the text (`1.10` stays `1.10`).
   * `yaml`: as the core schema says.
   */
  readonly numbers: 'exact' | 'yaml'
  /** How many nodes aliases may stand for; 0 refuses every alias. */
  readonly aliasNodes: number
  /** Only what stands under this top-level key is converted and checked; the rest need only be YAML. */
  readonly only?: readonly string[]
}
