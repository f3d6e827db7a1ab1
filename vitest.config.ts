import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // A worker process of its own for each file: files start servers, and some change the environment.
    pool: 'forks',
    // Argon2, PostgreSQL and Chromium want the cores as well: more workers than two only wait for each other.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
})
