import { getTRPCErrorFromUnknown } from '@trpc/server'
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
export async function runProcedure(
  { path, type, meta, steps }: ProcedureRecord,
  { ctx, getRawInput }: ProcedureCall,
): Promise<unknown> {
  const run = async (index: number, at: Pick<ProcedureCall, 'ctx' | 'getRawInput'> & { input: unknown }) => {
    const next: Parameters<Step>[0]['next'] = changed =>
      run(index + 1, {
        ctx: changed?.ctx ? { ...at.ctx, ...changed.ctx } : at.ctx,
        input: changed && 'input' in changed ? changed.input : at.input,
        getRawInput: changed?.getRawInput ?? at.getRawInput,
      })
    try {
      return await (steps[index] as Step)({ ...at, path, type, meta, signal: undefined, batchIndex: 0, next })
    } catch (thrown) {
      return { ok: false, error: getTRPCErrorFromUnknown(thrown) } as StepResult
    }
  }
  const result = await run(0, { ctx, getRawInput, input: undefined })
  if (!result.ok) throw result.error
  return result.data
}
