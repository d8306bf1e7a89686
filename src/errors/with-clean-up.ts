import { BagboyError } from './bagboy-error.ts'

/**
 * Runs a body, then what has to be put away behind it, regardless of how the body ended. When both fail, the body's
 * error is thrown: the other one follows from it more often than not, and says nothing of what was done.
 */
export async function withCleanUp<T>(body: () => Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  let result: T
  try {
    result = await body()
  } catch (error) {
    const second = await cleanUp().then(
      () => undefined,
      (failure: unknown) => failure,
    )
    throw second === undefined ? error : besides(error, second)
  }
  await cleanUp()
  return result
}

/** The first error, with what came of putting things away where it can say so. Pure. */
export function besides(first: unknown, second: unknown): unknown {
  if (!(first instanceof BagboyError) || !(second instanceof Error) || first.message === second.message) return first
  const { code, message, hint, details } = first
  return new BagboyError(code, message, {
    hint: `${hint === undefined ? '' : `${hint} `}Besides: ${second.message}`,
    ...(details === undefined ? {} : { details }),
    cause: first,
  })
}
