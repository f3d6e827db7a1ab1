import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { optionsPage } from '../../scripts/options-docs.ts'

it('the page about options is what the types say', () => {
  const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
  expect(page).toBe(optionsPage())
})
