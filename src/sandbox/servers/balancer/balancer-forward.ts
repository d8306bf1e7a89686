import { request as send, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { takeServer, type BackendState, type ServerState } from './balancer-state.ts'

/** About one connection, and so not for the next one (RFC 9110, 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade'])

const NO_SERVER = errorPage(503, 'Service Unavailable', 'No server is available to handle this request.')
const BAD_ANSWER = errorPage(502, 'Bad Gateway', 'The server returned an invalid or incomplete response.')

/** Sends one request to a server of the backend and its answer back. Every request is divided, also on a connection that is kept. */
export function forward(backend: BackendState, incoming: IncomingMessage, response: ServerResponse): void {
  const server = takeServer(backend)
  if (!server) return refuse(incoming, response, NO_SERVER)
  let isConnected = false
  const outgoing = send(
    `http://${server.spec.host}${incoming.url ?? '/'}`,
    { agent: false, method: incoming.method ?? 'GET', headers: passedOn(incoming.headers) },
    (answer) => {
      count(server, answer.statusCode ?? 0)
      const { 'transfer-encoding': _framing, ...headers } = passedOn(answer.headers)
      response.writeHead(answer.statusCode ?? 502, headers)
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    },
  )
  outgoing.once('socket', (socket) => socket.once('connect', () => (isConnected = true)))
  outgoing.on('error', () => {
    if (response.destroyed) return
    if (response.headersSent) return void response.destroy()
    count(server, 5)
    refuse(incoming, response, isConnected ? BAD_ANSWER : NO_SERVER)
  })
  // A client that leaves early does not keep a server busy.
  response.once('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

function count({ answers }: ServerState, status: number): void {
  const hundred = status < 100 ? status : Math.floor(status / 100)
  answers.set(hundred, (answers.get(hundred) ?? 0) + 1)
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))
}

interface ErrorPage {
  readonly status: number
  readonly body: string
}

function errorPage(status: number, title: string, text: string): ErrorPage {
  return { status, body: `<html><body><h1>${status} ${title}</h1>\n${text}\n</body></html>\n` }
}

function refuse(incoming: IncomingMessage, response: ServerResponse, { status, body }: ErrorPage): void {
  incoming.resume()
  const headers = { 'content-length': body.length, 'cache-control': 'no-cache', 'content-type': 'text/html' }
  response.writeHead(status, headers).end(body)
}
