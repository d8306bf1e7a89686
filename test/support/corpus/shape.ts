/** What a file of this kind looks like with a version, and whose shape it is. */
export type Shape = readonly [title: string, textOf: (version: string) => string]

/** Versions that every kind of file is written with. */
export const VERSIONS = ['1.2.0', '0.9.14', '10.0.3', '2.41', '1.2.3.4', '3.0.0', '0.1.0', '24.11.2'] as const
