// Loaded before the program: ends the process at the moment that is named in its environment, as `kill -9` does.
globalThis.bagboyFailpoint = (name) => {
  if (name === process.env['BAGBOY_TEST_KILL_AT']) process.kill(process.pid, 'SIGKILL')
}
