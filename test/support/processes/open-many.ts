// Run as a program of its own: asks for much at once, and prints what came of it as JSON. Argument: an address to ask.
import { readdirSync, readFileSync } from 'node:fs'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'

const MANY = 60
const [url = ''] = process.argv.slice(2)
const { http, exchange, reach, exec, files } = createNodePlatform()
const { hostname: host, port } = new URL(url)
const address = { host, port: Number(port) }
const signal = new AbortController().signal
const timeoutMs = 60_000
const HELPER = '!f() { echo username=u; echo password=p; }; f'

const asked = Array.from({ length: MANY }, (_, place) => [
  // A name of its own for each: a connection that is kept would be used by no other request.
  http({ method: 'GET', url, timeoutMs, pool: String(place) }, signal),
  http({ method: 'GET', url, timeoutMs, isFresh: true }, signal),
  exchange({ to: address, send: 'GET / HTTP/1.0\r\n\r\n', timeoutMs }, signal),
  reach({ ...address, timeoutMs }, signal),
  files.read(import.meta.filename),
])
const run = Array.from({ length: MANY / 4 }, () =>
  exec(
    {
      file: 'git',
      args: ['-c', 'credential.helper=', '-c', `credential.helper=${HELPER}`, 'credential', 'fill'],
      stdin: 'protocol=https\nhost=example.test\n\n',
      timeoutMs,
    },
    signal,
  ).then(({ stdout }) => {
    if (!new TextDecoder().decode(stdout).includes('password=p')) throw new Error('the helper was not asked')
  }),
)
const ends = await Promise.allSettled([...asked.flat(), ...run])
const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))
console.log(JSON.stringify({ pid: process.pid, count: ends.length, failures, zombies: zombiesBelowUs() }))
process.exit(0)

/** Names of those that have ended and whose exit code was not read. */
function zombiesBelowUs(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      const [, name = '', state, parent] = /\((.*)\) (\S) (\d+)/u.exec(statOf(pid)) ?? []
      return state === 'Z' && Number(parent) === process.pid ? [name] : []
    })
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}
