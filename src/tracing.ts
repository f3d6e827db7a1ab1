import { createRequire } from 'node:module'
import type { Attributes, Span, Tracer } from '@opentelemetry/api'
import { toAuthError } from './errors.ts'
import { type ProcedureMeta, restRoutes } from './meta.ts'
import { VERSION } from './version.ts'

/** Puts a span (OpenTelemetry) around the answering of a call. */
export type TraceCall = <T extends Outcome>(meta: ProcedureMeta, answer: () => Promise<T>) => Promise<T>

type Outcome = { ok: boolean; error?: unknown }

/**
 * Traces calls where the application has installed `@opentelemetry/api`; spans go wherever it sends them. A span is
 * named after the operation and tells its route and error code, and nothing of who called with what.
 * @returns undefined without that package: then there is nothing to run
 */
export function createTraceCall(): TraceCall | undefined {
  const api = loadApi()
  if (!api) return undefined
  const findTracer = (): Tracer | undefined => {
    const provider = api.trace.getTracerProvider()
    // The API's stand-in, which is there until somebody registers one.
    if (provider instanceof api.ProxyTracerProvider) return provider.getDelegateTracer('kernia', VERSION)
    return provider.getTracer('kernia', VERSION)
  }
  let tracer: Tracer | undefined
  const known = new Map<ProcedureMeta, Attributes>()
  const trace = async <T extends Outcome>(meta: ProcedureMeta, by: Tracer, answer: () => Promise<T>): Promise<T> => {
    const attributes = known.get(meta) ?? attributesOf(meta)
    known.set(meta, attributes)
    const span = by.startSpan(`kernia ${meta.operationId}`, { attributes })
    if (!span.isRecording()) return answer()
    return api.context.with(api.trace.setSpan(api.context.active(), span), async () => {
      try {
        const outcome = await answer()
        if (!outcome.ok) recordFailure(span, outcome.error, api.SpanStatusCode.ERROR)
        return outcome
      } catch (thrown) {
        recordFailure(span, thrown, api.SpanStatusCode.ERROR)
        throw thrown
      } finally {
        span.end()
      }
    })
  }
  return (meta, answer) => {
    // The package may be there with nobody listening, who may begin to at any time.
    tracer ??= findTracer()
    return tracer ? trace(meta, tracer, answer) : answer()
  }
}

function attributesOf(meta: ProcedureMeta): Attributes {
  const { method, path } = restRoutes(meta)[0] ?? {}
  return {
    'kernia.operation': meta.operationId,
    'kernia.access': meta.access,
    ...(path && { 'http.route': path, 'http.request.method': method }),
  }
}

function recordFailure(span: Span, thrown: unknown, failed: number): void {
  const { authCode, status } = toAuthError(thrown)
  span.setAttributes({ 'error.type': authCode, 'http.response.status_code': status })
  // A refusal is an answer; only what should not have happened is a failure.
  if (status >= 500) span.setStatus({ code: failed })
}

function loadApi(): typeof import('@opentelemetry/api') | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api')
  } catch {
    return undefined
  }
}
