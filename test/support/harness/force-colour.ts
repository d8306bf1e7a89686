/** Ink decides about colours when it is loaded: this comes before everything that imports it. */
process.env['FORCE_COLOR'] = '3'

export const HAS_COLOUR = true
