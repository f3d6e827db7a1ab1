import { Command } from 'commander'
import { columnOf } from '../../entities/index.ts'
import { listRoutes } from '../../openapi/index.ts'
import { compareDatabase } from '../migrations/compare.ts'
