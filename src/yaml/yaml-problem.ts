/** Why a text cannot be taken as it is, and where: two half sentences, joined with a semicolon for people. */
export interface YamlProblem {
  readonly offset: number
  /** "status is "activ"" */
  readonly wrong: string
  /** "write active, superseded or failed" */
  readonly right: string
}
