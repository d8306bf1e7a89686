export type Format = (typeof FORMATS)[number]

export const FORMATS = ['table', 'json', 'yaml', 'ndjson'] as const
