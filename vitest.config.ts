import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // A worker process of its own for each file: files start servers, and some change the environment.
    pool: 'forks',
    // Two at least: the slow files wait for npm, PostgreSQL or Chromium more than they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    unstubEnvs: true,
  },
})
