const MARKED = /<!-- snippet: ([\w-]+) -->\s*```(?:ts|typescript)[^\n]*\n([\s\S]*?)```\s*<!-- \/snippet -->/g

/** The code between `<!-- snippet: name -->` and `<!-- /snippet -->`, as a reader would copy it. */
export function readmeSnippet(readme: string, name: string): string {
  for (const [, found, code] of readme.matchAll(MARKED)) {
    if (found === name && code) return code
  }
  throw new Error(`README.md has no TypeScript block marked <!-- snippet: ${name} -->`)
}

/** The port a snippet's server listens on. */
export function snippetPort(code: string): string {
  const port = /listen\(\s*(\d{2,5})|localhost:(\d{2,5})/.exec(code)
  const found = port?.[1] ?? port?.[2]
  if (!found) throw new Error('The snippet names no port: it must listen on one for this test to reach it')
  return found
}
