import * as fc from 'fast-check'

export interface RandomHistory {
  readonly text: string
  readonly count: number
  readonly held: readonly string[]
}

const STATUSES = ['active', 'superseded', 'failed', 'rolled_back_from', 'partial']

const scalar = (value: string) =>
  fc.constantFrom(`"${value}"`, `'${value}'`, value, `"${value}"   # why`, `${value} # note`, `>-\n@  ${value}`)

/** Lines of one entry's keys; `@` stands for the indent, which is chosen with the file. */
const entryLines = (version: string, id: number | undefined) =>
  fc
    .record({
      status: fc.option(fc.constantFrom(...STATUSES).chain(scalar)),
      pinned: fc.option(fc.constantFrom('true', 'false', 'false   # why')),
      commit: fc.constantFrom('abc', '0123', '1e5').chain(scalar),
      foreign: fc.option(
        fc.constantFrom(
          'ticket:   { OPS:  0x1F }',
          'big: 12345678901234567890',
          'x:\n@  -   y',
          'text: |\n@  # no comment\n@    - no item',
        ),
      ),
      packages: fc.boolean(),
      comment: fc.boolean(),
      isReversed: fc.boolean(),
    })
    .map(({ status, pinned, commit, foreign, packages, comment, isReversed }) => {
      const lines = [
        ...(id === undefined ? [] : [`id: ${id}`]),
        `version: ${version}`,
        'timestamp: 2026-02-01T18:00:00Z',
        `commit: ${commit}`,
        ...(comment ? ['# inside'] : []),
        ...(status === null ? [] : [`status: ${status}`]),
        ...(pinned === null ? [] : [`pinned: ${pinned}`]),
        ...(foreign === null ? [] : [foreign]),
        ...(packages ? ['packages:\n@- format: brew\n@  registry: tap\n@  status:   deployed'] : []),
      ]
      return isReversed && !comment ? lines.reverse() : lines
    })

const flowEntry = (version: string, id: number | undefined) =>
  fc
    .constantFrom('', ', status: active', ',  status:   "failed" , x: [ 1,2 ]')
    .map((rest) => [
      `{ ${id === undefined ? '' : `id: ${id}, `}version: ${version}, timestamp: 2026-02-01T18:00:00Z${rest} }`,
    ])

/** Files as people might write them: indents, line ends, quoting, comments, flow style, keys of their own. */
export const randomHistory: fc.Arbitrary<RandomHistory> = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    hasIds: fc.boolean(),
    column: fc.integer({ min: 0, max: 5 }),
    gap: fc.integer({ min: 1, max: 3 }),
    eol: fc.constantFrom('\n', '\r\n'),
    head: fc.constantFrom(
      '',
      '\uFEFF',
      '# top\n',
      '# top\n---\n',
      '---   # start\n',
      'schema: 1\n',
      '# c\nschema:  1 # s\nowner: me\n',
    ),
    listComment: fc.constantFrom('', '   # newest first', '\n# newest first', '\n\n  # apart\n'),
    between: fc.constantFrom('', '\n', '   \n', '# between\n', '\n# apart\n\n'),
    heldCount: fc.integer({ min: 0, max: 2 }),
    heldForm: fc.constantFrom('block', 'flow', 'none', 'empty'),
    foreign: fc.constantFrom('', 'teams: { a: [ b ] }\n', '# last words\n'),
    hasEnd: fc.boolean(),
  })
  .chain((shape) =>
    fc
      .tuple(
        ...Array.from({ length: shape.count }, (_, index) => {
          const id = shape.hasIds ? (shape.count - index) * 2 : undefined
          return fc.oneof(
            { weight: 5, arbitrary: entryLines(`v1.${shape.count - index}.0`, id) },
            { weight: 1, arbitrary: flowEntry(`v1.${shape.count - index}.0`, id) },
          )
        }),
      )
      .map((entries) => ({ text: render(shape, entries), count: shape.count, held: heldVersions(shape) })),
  )

interface Shape {
  readonly column: number
  readonly gap: number
  readonly eol: string
  readonly head: string
  readonly listComment: string
  readonly between: string
  readonly heldCount: number
  readonly heldForm: string
  readonly foreign: string
  readonly hasEnd: boolean
}

function render(shape: Shape, entries: readonly (readonly string[])[]): string {
  const dash = ' '.repeat(shape.column)
  const indent = ' '.repeat(shape.column + 1 + shape.gap)
  const items = entries.map((lines) => {
    const body = lines.map((line) => `${indent}${line.replaceAll('@', indent)}`).join('\n')
    return `${dash}-${body.slice(dash.length + 1)}\n`
  })
  const list = `deployments:${shape.listComment}\n${items.join(shape.between)}`
  const text = shape.head + list + renderHeld(shape) + shape.foreign
  const ended = shape.hasEnd ? text : text.replace(/\n$/u, '')
  return ended.replaceAll('\n', shape.eol)
}

function heldVersions({ heldCount, heldForm }: Shape): readonly string[] {
  return heldForm === 'block' || heldForm === 'flow'
    ? Array.from({ length: heldCount }, (_, index) => `v9.${index}`)
    : []
}

function renderHeld(shape: Shape): string {
  if (shape.heldForm === 'none') return ''
  if (shape.heldForm === 'empty') return 'held: []   # none\n'
  const items = heldVersions(shape).map((version) =>
    shape.heldForm === 'flow'
      ? `  - { version: ${version}, at: 2026-02-01T18:00:00Z }\n`
      : `  -  version: ${version}   # bad\n     at: 2026-02-01T18:00:00Z\n`,
  )
  return `\n# do not ship\nheld:\n${items.join('')}`
}
