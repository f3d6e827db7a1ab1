/** Prints a result to standard output: text as it is, anything else as JSON. */
export function print(result: unknown): void {
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result, null, 2)}\n`)
}

/** Tells something beside the result, on standard error, so that a machine that reads the result is not disturbed. */
export function note(text: string): void {
  process.stderr.write(`kernia: ${withoutCredentials(text)}\n`)
}

/** The text without the user and password of any URL in it. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][\w+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
}
