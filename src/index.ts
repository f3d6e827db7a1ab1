export * from '../entities/index.ts'
export { memoryAdapter } from './adapters/memory.ts'
export { mikroOrmAdapter } from './adapters/mikro-orm/index.ts'
export { type Auth, type CoreRouter, init } from './init.ts'
