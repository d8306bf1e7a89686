import { z } from 'zod'
import { sameJson, type JsonObject } from '../../domain/text/json.ts'
import type { Action } from '../../domain/plan.ts'
import { sameVersion } from '../../domain/version.ts'
import type { ActionScope } from '../driver.ts'
import { isOwnName, parseNpmPointer } from './npm-pin.ts'
import { deleteTag, putTag } from './npm-plan.ts'

interface NpmScopeOptions {
  readonly package?: string | undefined
  readonly packages: readonly string[]
  readonly tag: string
}
type Scope = ActionScope<NpmScopeOptions>

const deprecation = z.object({ package: z.string(), version: z.string(), message: z.string().nullable() })

/**
 * Only the configured dist-tag of the entry's own packages, and the deprecation of the two versions; each only to what the
 * step leads to. Pure.
 */
export function npmOutOfScope(action: Action, scope: Scope): string | undefined {
  if (action.kind === 'http') return requestOutOfScope(action, scope)
  return action.operation === 'deprecate' ? deprecationOutOfScope(action.input, scope) : undefined
}

/** A request is one of those that are planned for the packages, but for what it is called. */
function requestOutOfScope(
  { title: _title, ...request }: Extract<Action, { kind: 'http' }>,
  { subject, options, wants }: Scope,
): string | undefined {
  const { registry } = subject.package
  const allowed = ownNames({ subject, options, wants }).flatMap((name) => {
    const version = parseNpmPointer(wants)[name]?.tags[options.tag] ?? null
    const action =
      version === null ? deleteTag(registry, name, options.tag) : putTag(registry, name, options.tag, version)
    const { title: _planned, ...planned } = action
    return [planned]
  })
  if (allowed.some((planned) => sameJson(planned, request))) return undefined
  return `sends ${request.method} ${request.url}, which moves no dist-tag of this entry to where the step leads`
}

function ownNames({ subject, options, wants }: Pick<Scope, 'subject' | 'options' | 'wants'>): readonly string[] {
  const main = options.package ?? subject.package.name
  return Object.keys(parseNpmPointer(wants)).filter((name) => isOwnName(name, main, options.packages))
}

function deprecationOutOfScope(input: JsonObject, scope: Scope): string | undefined {
  const { subject, options, wants, restores } = scope
  const { data } = deprecation.safeParse(input)
  if (!data) return 'is an unknown form of deprecation'
  const { package: name, version, message } = data
  const what = `${name}@${version}`
  if (!ownNames(scope).includes(name)) return `deprecates ${what}, which is no package of this entry`
  const pointer = parseNpmPointer(wants)[name]
  const texts = new Map(Object.entries(pointer?.deprecated ?? {}))
  if (texts.get(version) !== message) return `deprecates ${what} with a text to which no step leads`
  const { from, to } = subject
  const isMain = name === (options.package ?? subject.package.name)
  if (isMain && ![from, to].some((end) => sameVersion(version, end.version)))
    return `deprecates ${what}, which is neither end`
  const isKept = pointer?.tags[options.tag] === version && message?.startsWith(`${version} was withdrawn`) === true
  return isMain && isKept && !restores ? `withdraws ${what}, to which the step leads` : undefined
}
