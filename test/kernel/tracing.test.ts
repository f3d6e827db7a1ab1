import { type Span, type SpanOptions, trace } from '@opentelemetry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

interface Recorded {
  name: string
  attributes: Record<string, unknown>
  status?: number
  isEnded: boolean
}

const spans: Recorded[] = []

/** What an application's tracing would be, as far as the API asks for it. */
function recordingTracer() {
  const startSpan = (name: string, { attributes = {} }: SpanOptions = {}) => {
    const recorded: Recorded = { name, attributes: { ...attributes }, isEnded: false }
    spans.push(recorded)
    return {
      setAttributes: (more: object) => Object.assign(recorded.attributes, more),
      setStatus: ({ code }: { code: number }) => {
        recorded.status = code
      },
      isRecording: () => true,
      spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
      end: () => {
        recorded.isEnded = true
      },
    } as unknown as Span
  }
  return { startSpan }
}

beforeAll(() => {
  trace.setGlobalTracerProvider({ getTracer: recordingTracer } as never)
})
afterAll(() => trace.disable())
beforeEach(() => void spans.splice(0))

describe('each call is a span', () => {
  it('named after its operation, with its route', async () => {
    await visit(createTestAuth().auth).post('/sign-up/email', ann)
    expect(spans).toEqual([
      {
        name: 'kernia signUpEmail',
        attributes: {
          'kernia.operation': 'signUpEmail',
          'kernia.access': 'public',
          'http.route': '/sign-up/email',
          'http.request.method': 'POST',
        },
        isEnded: true,
      },
    ])
    expect(JSON.stringify(spans)).not.toContain(ann.email)
  })

  it('with the code of a refusal, which is no failure', async () => {
    await visit(createTestAuth().auth).post('/sign-in/email', ann)
    expect(spans[0]).toMatchObject({
      attributes: { 'error.type': 'INVALID_CREDENTIALS', 'http.response.status_code': 401 },
      isEnded: true,
    })
    expect(spans[0]?.status).toBeUndefined()
  })

  it('that failed when the call did', async () => {
    const database = memoryAdapter()
    const broken = {
      connect: (schema: Parameters<typeof database.connect>[0]) => ({
        ...database.connect(schema),
        findOne: async () => {
          throw new Error('out of order')
        },
      }),
    }
    await visit(createTestAuth({ database: broken }).auth).post('/sign-in/email', ann)
    expect(spans[0]).toMatchObject({ attributes: { 'error.type': 'INTERNAL_SERVER_ERROR' }, status: 2, isEnded: true })
  })

  it('from when somebody listens, be it after the first calls', async () => {
    trace.disable()
    const { auth } = createTestAuth()
    await visit(auth).post('/sign-up/email', ann)
    expect(spans).toEqual([])
    trace.setGlobalTracerProvider({ getTracer: recordingTracer } as never)
    await visit(auth).post('/sign-in/email', ann)
    expect(spans).toMatchObject([{ name: 'kernia signInEmail', isEnded: true }])
  })
})
