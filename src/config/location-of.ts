/** Where a key stands, `bagboy.yaml:41:7`; the block itself for an empty path. */
export type LocationOf = (path: readonly (string | number)[]) => string
