import { redact, redactText } from './redaction.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where Kernia writes. Any of pino, winston or console fits. */
export interface Logger {
  error(message: string, ...details: unknown[]): void
  warn?(message: string, ...details: unknown[]): void
  info?(message: string, ...details: unknown[]): void
  debug?(message: string, ...details: unknown[]): void
}

/** Better Auth's way to configure logging. */
export interface LoggerOptions {
  disabled?: boolean
  /** The least that is written; default `warn`. */
  level?: LogLevel
  /** Default: lines on standard error. */
  log?: (level: LogLevel, message: string, ...details: unknown[]) => void
}

/** A logger with every level. Nothing it passes on holds a secret, token, cookie, password or e-mail address. */
export type RedactingLogger = Required<Logger>

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/**
 * The logger of an instance.
 * @param option a logger, which is given every level and chooses itself; or which levels go where
 */
export function createLogger(option: Logger | LoggerOptions = {}): RedactingLogger {
  const write = writerOf(option)
  const at =
    (level: LogLevel) =>
    (message: string, ...details: unknown[]) =>
      write(level, redactText(message), ...details.map(detail => redact(detail)))
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

type Writer = (level: LogLevel, message: string, ...details: unknown[]) => void

function writerOf(option: Logger | LoggerOptions): Writer {
  if ('error' in option) return (level, message, ...details) => option[level]?.(message, ...details)
  const { disabled, level: least = 'warn', log = writeLine } = option as LoggerOptions
  return (level, message, ...details) => {
    if (!disabled && LEVELS.indexOf(level) >= LEVELS.indexOf(least)) log(level, message, ...details)
  }
}

function writeLine(level: LogLevel, message: string, ...details: unknown[]): void {
  const label = level === 'error' || level === 'warn' ? '' : `${level}: `
  process.stderr.write(`[kernia] ${label}${message}${details.map(describe).join('')}\n`)
}

function describe(detail: unknown): string {
  return `\n  ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`
}
