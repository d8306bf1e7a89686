/**
 * The circles of an import graph: every set of files in which each one imports, directly or through others of the set, every
 * other one. Tarjan's algorithm for strongly connected components; files that import nothing of their own set are left out.
 */
export function importCircles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []

  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) ?? 0)
    open.push(file)
    for (const target of graph.get(file) ?? []) {
      if (!graph.has(target)) continue
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0))
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = open.splice(open.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort((a, b) => a.localeCompare(b)))
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return circles
}
