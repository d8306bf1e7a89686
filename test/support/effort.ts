/** `npm run test:chaos` tries all there is; `npm test` a sample of it. */
export const isExhaustive = process.env['BAGBOY_CHAOS'] === 'all'

/** `npm run test:chaos` draws a new seed in every file; what fails names it, `BAGBOY_SEED` repeats it. */
export function seedOr(fixed: number): number {
  return Number(process.env['BAGBOY_SEED'] ?? (isExhaustive ? Date.now() % 1_000_000 : fixed))
}

/** `npm test` draws with the same one always: the same commit gives the same result. */
export const SEED = seedOr(30)

/** How often something is tried; `BAGBOY_RUNS` says otherwise. */
export function roundCount(sample: number, all: number): number {
  return Number(process.env['BAGBOY_RUNS'] ?? (isExhaustive ? all : sample))
}
