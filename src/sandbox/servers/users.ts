import { get } from 'node:http'

/** What one user in eight wants; the others look at the first page. */
const LOGIN_EVERY = 8

/** People who use an application, steadily, until they are stopped. The process may end meanwhile. */
export function startUsers(url: string, perSecond: number): () => void {
  let visits = 0
  const timer = setInterval(() => {
    visits += 1
    const path = visits % LOGIN_EVERY === 0 ? '/login' : '/'
    // A user without an answer comes again at the next turn.
    get(`${url}${path}`, { agent: false }, (response) => void response.resume()).on('error', () => undefined)
  }, 1000 / perSecond)
  timer.unref()
  return () => clearInterval(timer)
}
