import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLogger, type LogLevel } from '../../src/logger.ts'

afterEach(() => vi.restoreAllMocks())

const levels: LogLevel[] = ['debug', 'info', 'warn', 'error']

describe('a logger', () => {
  it('of the application is given every level it has', () => {
    const lines: unknown[][] = []
    const record =
      (level: string) =>
      (...line: unknown[]) =>
        void lines.push([level, ...line])
    const log = createLogger({ error: record('error'), info: record('info') })
    for (const level of levels) log[level]('hello', { password: 'x' })
    expect(lines).toEqual([
      ['info', 'hello', { password: '[redacted]' }],
      ['error', 'hello', { password: '[redacted]' }],
    ])
  })

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    [undefined, 2],
  ] as const)('of level %s is given what is at least that', (level, count) => {
    const lines: unknown[][] = []
    const log = createLogger({ ...(level && { level }), log: (...line) => void lines.push(line) })
    for (const each of levels) log[each]('to ann@example.com')
    expect(lines).toEqual(levels.slice(4 - count).map(each => [each, 'to [email]']))
  })

  it('that is disabled writes nothing', () => {
    const lines: unknown[] = []
    const log = createLogger({ disabled: true, level: 'debug', log: (...line) => void lines.push(line) })
    for (const each of levels) log[each]('hello')
    expect(lines).toEqual([])
  })

  it('by default writes lines to standard error', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    createLogger().warn('low on memory', { left: 1 })
    expect(write).toHaveBeenCalledWith('[kernia] low on memory\n  {"left":1}\n')
  })
})
