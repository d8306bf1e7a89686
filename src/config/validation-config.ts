import { splitWords } from '../domain/text/split-words.ts'
import type { Config, ValidationLevel } from './config.ts'
import type { DeploymentBlock } from './schema/deployment.ts'
import type { ValidationKeys } from './schema/rollback.ts'

type Level = boolean | 'warn' | 'block' | 'off'

/** Later items win over earlier ones. Pure. */
export function mergedValidation({ rollback: { validation: given } }: DeploymentBlock): ValidationKeys {
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given]
  return Object.assign({}, ...list) as ValidationKeys
}

/** The checks of a target. Pure. */
export function validationOf(block: DeploymentBlock): Config['validation'] {
  const keys = mergedValidation(block)
  const artifacts = typeof keys.verify_artifacts === 'object' ? keys.verify_artifacts : undefined
  return {
    smokeTests: smokeTestsOf(keys.run_smoke_tests),
    dependencies: levelOf(keys.verify_dependencies ?? 'off'),
    compatibility: compatibilityOf(keys.check_backwards_compatibility ?? 'off'),
    artifacts: {
      checksums: levelOf(artifacts?.checksums ?? keys.verify_artifacts === true),
      signatures: levelOf(artifacts?.signatures ?? 'off'),
      attestations: levelOf(artifacts?.attestations ?? 'off'),
    },
  }
}

function levelOf(level: Level): ValidationLevel {
  if (typeof level === 'string') return level
  return level ? 'block' : 'off'
}

function smokeTestsOf(keys: ValidationKeys['run_smoke_tests']): Config['validation']['smokeTests'] {
  if (keys === undefined || keys === false) return null
  if (keys === true) return { words: null, url: null, against: 'target', timeoutMs: 120_000 }
  const { command, shell, url, against, timeout } = keys
  const words = command === undefined ? null : shell ? ['sh', '-c', command] : (splitWords(command).words ?? [])
  return { words, url: url ?? null, against, timeoutMs: timeout }
}

function compatibilityOf(
  keys: NonNullable<ValidationKeys['check_backwards_compatibility']>,
): Config['validation']['compatibility'] {
  if (typeof keys !== 'object') return { level: levelOf(keys), schemaWords: null, onUnknown: 'warn' }
  const { schema, on_unknown: onUnknown } = keys
  return {
    level: 'block',
    schemaWords: schema === undefined ? null : (splitWords(schema).words ?? []),
    onUnknown,
  }
}
