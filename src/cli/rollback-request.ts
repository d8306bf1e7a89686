import { untrusted } from '../domain/display.ts'
import type { RollbackRequest } from '../engine/engine.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Invocation } from './command.ts'

/** What is asked for, from the flags alone. @throws USAGE */
export function readRequest({ args, options }: Pick<Invocation, 'args' | 'options'>): RollbackRequest {
  const overrides = options.list('override')
  if (overrides.length > 0 && options.text('reason') === '') {
    throw new BagboyError('USAGE', 'An override needs a reason.', { hint: 'Add --reason TEXT.' })
  }
  return {
    target: readTarget(args[0], options.text('version')),
    only: options.list('only'),
    except: options.list('except'),
    reason: options.text('reason'),
    incident: options.text('incident'),
    overrides,
  }
}

function readTarget(argument: string | undefined, version: string): string {
  if (argument !== undefined && version !== '' && argument !== version) {
    const [a, b] = [untrusted(argument, 80), untrusted(version, 80)]
    throw new BagboyError('USAGE', `Two targets are given, "${a}" and "${b}".`, {
      hint: 'Give one of them.',
    })
  }
  return argument ?? (version === '' ? 'last-good' : version)
}
