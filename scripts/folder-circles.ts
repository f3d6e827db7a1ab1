interface Module {
  source: string
  dependencies: { resolved: string }[]
}

/**
 * Circles between units: a unit is a folder under src or routers, one of the other top folders, or a file that lies
 * loose in src. The files of src are units of their own because `init.ts` imports the routers that import the kernel.
 */
export function findCircles(modules: Module[]): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const { source, dependencies } of modules) {
    const from = unitOf(source)
    if (!from) continue
    const targets = edges.get(from) ?? new Set()
    edges.set(from, targets)
    for (const { resolved } of dependencies) {
      const to = unitOf(resolved)
      if (to && to !== from) targets.add(to)
    }
  }

  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (unit: string, path: string[]): void => {
    const start = path.indexOf(unit)
    if (start >= 0) circles.push(path.slice(start))
    if (start >= 0 || done.has(unit)) return
    for (const next of edges.get(unit) ?? []) visit(next, [...path, unit])
    done.add(unit)
  }
  for (const unit of edges.keys()) visit(unit, [])
  return circles
}

function unitOf(file: string): string | undefined {
  return /^(?:(?:src|routers)\/[^/]+|entities|openapi|clients)(?=\/|$)/.exec(file)?.[0]
}
