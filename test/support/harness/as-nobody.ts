/** The unprivileged user every system has. */
const NOBODY = 65_534

/** Runs `work` without the rights of root, so that what files and sockets refuse can be seen by root too. */
export async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
