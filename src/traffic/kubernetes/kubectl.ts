import { z } from 'zod'
import { parseJson } from '../../domain/text/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import type { TrafficContext } from '../provider.ts'
import { commandLine, passedNames, runCommand, type CommandResult } from '../run-command.ts'

/** What Kubernetes takes for a name; nothing that could be taken for an option. */
export const objectName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/u, 'is no name of Kubernetes')

export const kubectlOptions = {
  kubectl: commandLine.default(['kubectl']),
  /** Default: the current one. */
  context: z
    .string()
    .regex(/^[^-\s]\S*$/u, 'is no name of a context')
    .optional(),
  namespace: objectName.default('default'),
  /** For programs that log in for kubectl; KUBECONFIG is always handed on. */
  env: passedNames,
}

type Context = TrafficContext<{
  readonly kubectl: readonly string[]
  readonly context?: string | undefined
  readonly namespace: string
  readonly env: readonly string[]
}>

export interface KubectlCall {
  readonly args: readonly string[]
  /** As it continues "while …". */
  readonly doing: string
  readonly isWrite?: boolean
}

/** What kubectl prints as JSON. @throws REGISTRY_* */
export async function kubectlJson(context: Context, call: KubectlCall): Promise<unknown> {
  const result = await run(context, { ...call, args: [...call.args, '--output=json'] })
  const parsed = parseJson(result.stdout)
  if (parsed !== undefined) return parsed
  throw new BagboyError('REGISTRY_BROKEN', `kubectl printed no JSON while ${call.doing}: ${result.said}`, {
    hint: 'Run it by hand to see what it prints.',
  })
}

async function run(context: Context, { args, doing, isWrite = false }: KubectlCall): Promise<CommandResult> {
  const { kubectl, context: cluster, namespace, env } = context.options
  const selection = [...(cluster === undefined ? [] : [`--context=${cluster}`]), `--namespace=${namespace}`]
  const limit = `--request-timeout=${Math.max(1, Math.ceil(context.timeoutMs / 1000))}s`
  const result = await runCommand(context, {
    words: kubectl,
    more: [...selection, limit, ...args],
    pass: ['KUBECONFIG', ...env],
    isWrite,
  })
  if (result.exitCode === 0) return result
  const { code, hint } = meaningOf(result.said)
  throw new BagboyError(code, `kubectl ended with ${result.exitCode} while ${doing}: ${result.said}`, { hint })
}

/** By kubectl's own words: its exit code is 1 for everything. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/\(NotFound\)/u, 'REGISTRY_NOT_FOUND', 'Correct the names and the namespace under blue_green.traffic.'],
  [/\(Conflict\)/u, 'REGISTRY_CONFLICT', 'It was changed from outside in between; nothing was overwritten.'],
  [
    /\(Forbidden\)|cannot \w+ resource/u,
    'REGISTRY_FORBIDDEN',
    'Give this user get and patch on it; docs/traffic.md lists what is asked.',
  ],
  [
    /Unauthorized|must be logged in|provide credentials/u,
    'REGISTRY_UNAUTHORIZED',
    'Log in to the cluster again, or name the right context.',
  ],
  [
    /have a resource type/u,
    'REGISTRY_NOT_FOUND',
    'Install the Gateway API in the cluster, or use service instead of httproute.',
  ],
  [
    /[Uu]nable to connect|was refused|connection refused|no such host|i\/o timeout|TLS handshake|\(Timeout\)|\(ServiceUnavailable\)/u,
    'REGISTRY_UNREACHABLE',
    'Check that the cluster is reachable: kubectl version',
  ],
]

function meaningOf(said: string): { readonly code: ErrorCode; readonly hint: string } {
  const found = MEANINGS.find(([words]) => words.test(said))
  return found
    ? { code: found[1], hint: found[2] }
    : {
        code: 'REGISTRY_REJECTED',
        hint: 'The cluster refuses it as a whole: correct what it names. Nothing was changed.',
      }
}
