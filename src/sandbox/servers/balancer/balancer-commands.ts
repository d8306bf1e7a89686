import { setAdmin, setWeight, type BackendState, type BalancerState, type ServerState } from './balancer-state.ts'
import { serversState, statistics } from './balancer-tables.ts'

/** What a socket may do. */
export type Level = 'operator' | 'admin'

interface Call {
  readonly balancer: BalancerState
  /** What stands behind the command's own words. */
  readonly args: readonly string[]
  readonly level: Level
}

interface Command {
  readonly words: readonly string[]
  /** As HAProxy lists it. */
  readonly usage: string
  readonly summary: string
  readonly isWrite?: true
  /** Gives what is answered; empty when it was done. */
  readonly run: (call: Call) => string
}

/** The part of the runtime API of HAProxy 2.6 that is spoken here, texts of errors included. */
const COMMANDS: readonly Command[] = [
  {
    words: ['get', 'weight'],
    usage: 'get weight <bk>/<srv>',
    summary: "report a server's current weight",
    run: ({ balancer, args }) =>
      withServer(balancer, args, ({ server }) => `${server.weight} (initial ${server.spec.weight})\n`),
  },
  {
    words: ['set', 'server'],
    usage: 'set server <bk>/<srv> [opts]',
    summary: "change a server's state, weight, address or ssl",
    isWrite: true,
    run: changeServer,
  },
  {
    words: ['set', 'weight'],
    usage: 'set weight <bk>/<srv>  (DEPRECATED)',
    summary: "change a server's weight (use 'set server' instead)",
    isWrite: true,
    run: ({ balancer, args }) => withServer(balancer, args, (found) => changeWeight(found, args[1])),
  },
  {
    words: ['show', 'cli', 'level'],
    usage: 'show cli level',
    summary: 'display the level of the current CLI session',
    run: ({ level }) => `${level}\n`,
  },
  {
    words: ['show', 'servers', 'state'],
    usage: 'show servers state [<backend>]',
    summary: 'dump volatile server information (all or for a single backend)',
    run: ({ balancer, args }) => showServersState(balancer, args),
  },
  {
    words: ['show', 'stat'],
    usage: 'show stat [desc|json|no-maint|typed|up]*',
    summary: 'report counters for each proxy and server',
    run: ({ balancer, args }) => showStatistics(balancer, args),
  },
]

/** Answers one line, on which several commands may stand with semicolons between them. */
export function answerLine(balancer: BalancerState, line: string, level: Level): string {
  const answers = line.split(';').map((text) => {
    const words = text.split(/\s+/u).filter((word) => word !== '')
    const command = COMMANDS.find((each) => each.words.every((word, index) => words[index] === word))
    if (!command) return unknownCommand()
    if (command.isWrite && level !== 'admin') return 'Permission denied\n'
    return command.run({ balancer, args: words.slice(command.words.length), level })
  })
  return answers.map((answer) => `${answer}\n`).join('')
}

function unknownCommand(): string {
  const lines = COMMANDS.map(({ usage, summary }) => `  ${usage.padEnd(40)}: ${summary}`)
  return ['Unknown command. Please enter one of the following commands only:', ...lines, ''].join('\n')
}

interface Found {
  readonly balancer: BalancerState
  readonly backend: BackendState
  readonly server: ServerState
}

function withServer(balancer: BalancerState, [path = '']: readonly string[], answer: (found: Found) => string): string {
  const [, backendName, serverName] = /^([^/]+)\/(.+)$/u.exec(path) ?? []
  if (backendName === undefined) return "Require 'backend/server'.\n"
  const backend = balancer.backends.find(({ spec }) => spec.name === backendName)
  if (!backend) return 'No such backend.\n'
  const server = backend.servers.find(({ spec }) => spec.name === serverName)
  return server ? answer({ balancer, backend, server }) : 'No such server.\n'
}

function changeServer({ balancer, args }: Call): string {
  const [, what, value] = args
  return withServer(balancer, args, (found) => {
    if (what === 'weight') return changeWeight(found, value)
    if (what !== 'state') return 'usage: set server <backend>/<server> state | weight\n'
    if (value !== 'ready' && value !== 'drain' && value !== 'maint') {
      return "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n"
    }
    setAdmin(found.server, value, balancer.now())
    return ''
  })
}

const MAX_WEIGHT = 256

function changeWeight({ backend, server }: Found, text = ''): string {
  const { weight: initial } = server.spec
  const weight = readWeight(text, initial)
  if (typeof weight === 'string') return weight
  if (backend.spec.algorithm === 'static-rr' && weight !== 0 && weight !== initial) {
    return "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n"
  }
  setWeight(backend, server, weight)
  return ''
}

/**
 * `10`, or `50%` of the weight in the file. @returns the weight, or what is wrong with the text: two of these have no end
 * of line of their own, as HAProxy's have none
 */
function readWeight(text: string, initial: number): number | string {
  if (text === '') return 'Require <weight> or <weight%>.\n'
  const [, digits, rest = ''] = /^([+-]?\d+)(.*)$/su.exec(text) ?? []
  if (digits === undefined) return 'Empty weight string empty or preceded by garbage'
  const given = Number(digits)
  if (rest === '%') {
    return given < 0 ? 'Relative weight must be positive.\n' : Math.min(MAX_WEIGHT, Math.floor((initial * given) / 100))
  }
  if (given < 0 || given > MAX_WEIGHT) return 'Absolute weight can only be between 0 and 256 inclusive.\n'
  return rest === '' ? given : 'Trailing garbage in weight string'
}

function showServersState(balancer: BalancerState, [name]: readonly string[]): string {
  const wanted = balancer.backends.filter(({ spec }) => name === undefined || spec.name === name)
  return wanted.length === 0 ? "Can't find backend.\n" : serversState(balancer, wanted)
}

function showStatistics(balancer: BalancerState, args: readonly string[]): string {
  // Fewer than three are words for other forms of the table, and unknown ones mean nothing.
  const [proxyId = -1, kinds = -1, serverId = -1] = args.length < 3 ? [] : args.map((arg) => Number.parseInt(arg, 10))
  return statistics(balancer, { proxyId, kinds, serverId })
}
