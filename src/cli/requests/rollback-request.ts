import { sanitize } from '../../domain/text/sanitize.ts'
import { FINDING_CODES } from '../../domain/finding-codes.ts'
import type { RollbackRequest } from '../../engine/engine.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { unknownName } from '../../errors/unknown-name.ts'
import type { Invocation } from '../command.ts'

/** What is asked for, from the flags alone. @throws USAGE */
export function readRequest({ args, options }: Pick<Invocation, 'args' | 'options'>): RollbackRequest {
  const overrides = [...new Set(options.list('override'))]
  checkOverrides(overrides)
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

/** @throws USAGE for what is no code of a finding */
function checkOverrides(overrides: readonly string[]): void {
  const unknown = overrides.find((code) => !FINDING_CODES.some((known) => known === code))
  if (unknown === undefined) return
  throw unknownName({
    code: 'USAGE',
    message: `--override ${sanitize(unknown, 80)} is not the code of a finding.`,
    word: unknown,
    known: FINDING_CODES,
    knownAs: 'The codes',
  })
}

function readTarget(argument: string | undefined, version: string): string {
  if (argument !== undefined && version !== '' && argument !== version) {
    const [a, b] = [sanitize(argument, 80), sanitize(version, 80)]
    throw new BagboyError('USAGE', `Two targets are given, "${a}" and "${b}".`, {
      hint: 'Give one of them.',
    })
  }
  return argument ?? (version === '' ? 'last-good' : version)
}
