/** Where Kernia writes. Any of pino, winston or console fits. Nothing it is given holds a secret, cookie or password. */
export interface Logger {
  error(message: string, ...details: unknown[]): void
  warn?(message: string, ...details: unknown[]): void
  info?(message: string, ...details: unknown[]): void
}

/** Writes errors and warnings to standard error, and nothing else. */
export const consoleLogger: Logger = {
  error: (message, ...details) => process.stderr.write(`[kernia] ${message}${details.map(describe).join('')}\n`),
  warn: message => process.stderr.write(`[kernia] ${message}\n`),
}

function describe(detail: unknown): string {
  return `\n  ${detail instanceof Error ? (detail.stack ?? detail.message) : String(detail)}`
}
