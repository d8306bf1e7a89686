import type { Action } from '../../../domain/plan.ts'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { ActContext, AnyDriver } from '../../../registries/driver.ts'

/**
 * Carries out one action, once. What it throws says nothing about whether the effect is there: only a read does.
 * @throws REGISTRY_*, PLAN_INVALID when the driver knows no such action
 */
export async function executeAction(driver: AnyDriver, action: Action, context: ActContext<unknown>): Promise<void> {
  context.signal.throwIfAborted()
  const why = driver.outOfScope(action, context)
  if (why !== undefined) throw outOfScope(driver, why)
  switch (action.kind) {
    case 'http':
      if (!driver.send) throw unknownAction(driver, 'http')
      return driver.send(action, context)
    case 'custom': {
      const operation = Object.hasOwn(driver.operations ?? {}, action.operation)
        ? driver.operations?.[action.operation]
        : undefined
      if (!operation) throw unknownAction(driver, action.operation)
      return operation(action.input, context)
    }
  }
}

function outOfScope({ format }: AnyDriver, why: string): BagboyError {
  return new BagboyError('PLAN_INVALID', `${format}: an action ${sanitize(why, 300)}; it is not sent.`, {
    hint: 'Make the plan again.',
  })
}

function unknownAction(driver: AnyDriver, operation: string): BagboyError {
  return new BagboyError('PLAN_INVALID', `The ${driver.format} driver has no operation "${sanitize(operation, 80)}".`, {
    hint: 'Make the plan again with this version of the program.',
  })
}
