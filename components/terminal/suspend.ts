import process from 'node:process'

/** Stops the program the way ctrl-z does in a shell, and returns after `fg`. */
export async function suspendToShell(): Promise<void> {
  // Without a timer nothing keeps the process alive, and it would end at `fg`.
  const keep = setInterval(() => undefined, 1 << 30)
  const continued = new Promise((resolve) => {
    process.once('SIGCONT', resolve)
  })
  process.kill(process.pid, 'SIGTSTP')
  await continued
  clearInterval(keep)
}
