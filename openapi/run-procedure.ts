import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { ProcedureRecord, Step, StepResult } from '../src/meta.ts'

/** One call of a procedure, as its steps see it. */
export interface ProcedureCall {
  ctx: object
  /** Reads the input, when a step asks for it. */
  getRawInput(): Promise<unknown>
}

/**
 * Runs a procedure: the steps that tRPC keeps for it, its resolver the last of them, each of which calls the next. tRPC's
 * own loop does the same and copies all it hands on twice a step, property by property, which costs as much as the
 * query of a short call.
 * @throws what a step threw, as tRPC would
 */
export async function runProcedure(procedure: ProcedureRecord, call: ProcedureCall): Promise<unknown> {
  const result = await runFrom(0, procedure, { ...call, input: undefined })
  if (!result.ok) throw result.error
  return result.data
}

async function runFrom(
  index: number,
  procedure: ProcedureRecord,
  at: ProcedureCall & { input: unknown },
): Promise<StepResult> {
  const next: Parameters<Step>[0]['next'] = changed =>
    runFrom(index + 1, procedure, changed ? withChanges(at, changed) : at)
  const { path, type, meta, output, steps } = procedure
  const step = steps[index] as Step
  try {
    // tRPC's own step for the output copies the result property by property.
    if (step._type === 'output' && output) return await checkOutput(output, await next())
    return await step({ ...at, path, type, meta, signal: undefined, batchIndex: 0, next })
  } catch (thrown) {
    return { ok: false, error: getTRPCErrorFromUnknown(thrown) }
  }
}

/** What a step hands on beside what it was given. */
function withChanges(
  at: ProcedureCall & { input: unknown },
  changed: NonNullable<Parameters<Parameters<Step>[0]['next']>[0]>,
): ProcedureCall & { input: unknown } {
  return {
    ctx: changed.ctx ? { ...at.ctx, ...changed.ctx } : at.ctx,
    input: 'input' in changed ? changed.input : at.input,
    getRawInput: changed.getRawInput ?? at.getRawInput,
  }
}

async function checkOutput(output: z.ZodType, result: StepResult): Promise<StepResult> {
  if (!result.ok) return result
  try {
    return { ok: true, data: await parse(output, result.data) }
  } catch (cause) {
    throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause })
  }
}

/** What zod compiles runs only where nothing has to be waited for, and hardly any schema waits. */
function parse(schema: z.ZodType, value: unknown): unknown {
  try {
    return schema.parse(value)
  } catch (error) {
    if (error instanceof z.core.$ZodAsyncError) return schema.parseAsync(value)
    throw error
  }
}
