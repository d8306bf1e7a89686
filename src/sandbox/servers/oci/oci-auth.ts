import { randomUUID } from 'node:crypto'
import { basicCredentials, type ServerAnswer, type ServerRequest } from '../loopback-server.ts'

/** Who may use the registry. With `bearer` it hands out tokens itself, at `/token`. */
export interface OciAuth {
  readonly user: string
  readonly secret: string
  /** Default `basic`. */
  readonly scheme?: 'basic' | 'bearer'
}

export interface OciGate {
  /** The refusal, or `undefined` when the request may pass. */
  refuse(request: ServerRequest, repository: string | undefined): ServerAnswer | undefined
  /** The answer at `/token`; `undefined` for any other path. */
  grant(request: ServerRequest): ServerAnswer | undefined
}

/** The two ways a registry asks for credentials; scopes as in distribution's token specification. */
export function createOciGate(auth: OciAuth | undefined): OciGate {
  const tokens = new Map<string, readonly string[]>()
  if (auth === undefined) return { refuse: () => undefined, grant: () => undefined }
  const login = `${auth.user}:${auth.secret}`

  function refuse(request: ServerRequest, repository: string | undefined): ServerAnswer | undefined {
    const { authorization, host } = { authorization: request.headers['authorization'], host: request.headers['host'] }
    if (auth?.scheme !== 'bearer') {
      if (basicCredentials(authorization) === login) return undefined
      return unauthorized('Basic realm="bagboy-test"')
    }
    const needed = repository === undefined ? '' : `repository:${repository}:${actionOf(request.method)}`
    const token = /^Bearer (.+)$/iu.exec(authorization ?? '')?.[1]
    const held = token === undefined ? undefined : tokens.get(token)
    if (held && (needed === '' || held.includes(needed))) return undefined
    const wish = `repository:${repository}:${actionOf(request.method) === 'pull' ? 'pull' : 'pull,push'}`
    const scope = repository === undefined ? '' : `,scope="${wish}"`
    const why = token === undefined ? '' : `,error="${held ? 'insufficient_scope' : 'invalid_token'}"`
    return unauthorized(`Bearer realm="http://${host}/token",service="bagboy-test"${scope}${why}`)
  }

  function grant(request: ServerRequest): ServerAnswer | undefined {
    if (request.path !== '/token') return undefined
    const given = basicCredentials(request.headers['authorization'])
    if (given !== '' && given !== login) {
      return { status: 401, headers: JSON_TYPE, body: '{"details":"incorrect username or password"}' }
    }
    const scopes = request.query.getAll('scope').flatMap((scope) => scope.split(' '))
    const held = scopes.flatMap(spread).filter((scope) => given !== '' || scope.endsWith(':pull'))
    const token = randomUUID()
    tokens.set(token, held)
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ token, access_token: token, expires_in: 300 }) }
  }

  return { refuse, grant }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

function unauthorized(challenge: string): ServerAnswer {
  const errors = [{ code: 'UNAUTHORIZED', message: 'authentication required', detail: null }]
  return {
    status: 401,
    headers: { ...JSON_TYPE, 'www-authenticate': challenge },
    body: `${JSON.stringify({ errors })}\n`,
  }
}

function actionOf(method: string): 'pull' | 'push' | 'delete' {
  if (method === 'GET' || method === 'HEAD') return 'pull'
  return method === 'DELETE' ? 'delete' : 'push'
}

/** `repository:a/b:pull,push` → one text per action. */
function spread(scope: string): readonly string[] {
  const end = scope.lastIndexOf(':')
  return scope
    .slice(end + 1)
    .split(',')
    .map((action) => `${scope.slice(0, end)}:${action}`)
}
