import { get } from 'node:http'
import { noteCheck, type BalancerState, type CheckResult } from './balancer-state.ts'

/** Asks every server that is checked, each at its own interval, until it is stopped. The process may end meanwhile. */
export function startChecks({ backends, now }: BalancerState): () => void {
  const timers = backends.flatMap(({ servers }) =>
    servers.flatMap((server) => {
      const { check, host } = server.spec
      if (!check) return []
      const ask = async (): Promise<void> => {
        if (server.admin === 'maint') return
        noteCheck(server, await askOnce(`http://${host}${check.path}`, check.intervalMs), now())
      }
      void ask()
      return [setInterval(() => void ask(), check.intervalMs).unref()]
    }),
  )
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

/** On a connection of its own, as a server that is restarted has to be found out. */
function askOnce(url: string, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      const code = response.statusCode ?? 0
      response.resume()
      resolve({ status: code >= 200 && code < 400 ? 'L7OK' : 'L7STS', code })
    })
    let isConnected = false
    request.once('socket', (socket) => socket.once('connect', () => (isConnected = true)))
    request.once('timeout', () => {
      resolve({ status: 'L7TOUT' })
      request.destroy()
    })
    request.once('error', () => resolve({ status: isConnected ? 'L7RSP' : 'L4CON' }))
  })
}
