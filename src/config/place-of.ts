/** Where a key stands, `bagboy.yaml:41:7`; the block itself for an empty path. */
export type PlaceOf = (path: readonly (string | number)[]) => string
