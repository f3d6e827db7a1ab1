import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listProcedures, type ProcedureRecord, restRoutes } from '../../src/meta.ts'
import { calls } from './inputs.ts'
import { outcomeOf } from './outcome.ts'
import { createComparedAuth, seed } from './seed.ts'
import { BASE, openWays } from './ways.ts'

/** Calls of each procedure. A failure prints the seed and the path to the smallest call that fails. */
const numRuns = Number(process.env.FAST_CHECK_RUNS ?? 100)
const fixedSeed = Number(process.env.FAST_CHECK_SEED ?? 20_260_102)

// A POST whose path has a parameter takes part of its input from there: REST cannot send an input that lacks it, or has
// anything but text in its place, and those are what is made up here.
const isInPath = ({ meta }: ProcedureRecord) =>
  restRoutes(meta).some(({ method, path }) => method === 'POST' && path.includes(':'))
const procedures = listProcedures(createComparedAuth(BASE).auth.router).filter(procedure => !isInPath(procedure))

describe('whichever way it is called', () => {
  it.each(procedures.map(procedure => [procedure.path, procedure] as const))(
    '%s does the same',
    async (_path, procedure) => {
      const ways = await openWays()
      const daysLater = fc.constantFrom(0, 0, 0, 2, 2, 8)
      const property = fc.asyncProperty(calls(procedure), daysLater, async (call, days) => {
        const outcomes = []
        for (const way of ways) {
          await seed(way.instance)
          way.instance.clock.advance(days * 86_400)
          outcomes.push(await outcomeOf(way, procedure, call))
          way.instance.clock.advance(-days * 86_400)
        }
        const [rest, ...others] = outcomes
        expect(rest?.status).toBeLessThan(500)
        expect(rest?.log).toEqual([])
        for (const [index, other] of others.entries()) expect(other, ways[index + 1]?.name).toEqual(rest)
      })
      await fc.assert(property, { numRuns, seed: fixedSeed })
    },
    120_000,
  )
})
