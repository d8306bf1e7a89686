import { escapeForYaml, isHostile } from './json.ts'

/** One YAML document of JSON values. Loads the YAML library when it is first used. */
export async function renderYaml(value: unknown): Promise<string> {
  const { Document, Scalar, visit } = await import('yaml')
  // Through JSON first: keys without a value disappear as they do there, and no two nodes share an anchor.
  const document = new Document(JSON.parse(JSON.stringify(value)))
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'string' && isHostile(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE
    },
  })
  return escapeForYaml(document.toString({ lineWidth: 0 }))
}
