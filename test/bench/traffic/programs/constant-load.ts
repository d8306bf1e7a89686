// A fixed number of clients on kept connections, each with a request every few milliseconds:
//   node constant-load.ts URL CLIENTS EVERY_MS
// Says at the first message how many requests were answered well and which went wrong, and ends.
import { Agent, get } from 'node:http'

const [url = '', clients = '16', everyMs = '10'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(clients) })
const counts = { answered: 0, failures: [] as string[] }
const over = new AbortController()

function ask(): Promise<void> {
  return new Promise((resolve) => {
    const done = (failure?: string) => {
      if (failure === undefined) counts.answered += 1
      else counts.failures.push(failure)
      resolve()
    }
    get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => done(response.statusCode === 200 ? undefined : String(response.statusCode)))
    }).once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
  })
}

async function client(place: number): Promise<void> {
  const startedMs = performance.now() + (place * Number(everyMs)) / Number(clients)
  for (let count = 0; !over.signal.aborted; count += 1) {
    const waitMs = startedMs + count * Number(everyMs) - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    await ask()
  }
}

const running = Array.from({ length: Number(clients) }, (_, place) => client(place))
process.once('message', () => {
  over.abort()
  void Promise.all(running).then(() => process.send?.(counts, () => process.exit()))
})
