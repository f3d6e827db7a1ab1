// Checks the import rules of .dependency-cruiser.cjs, and that no folders import each other in a circle.

import { cruise, format, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { findCircles } from './folder-circles.ts'

const FOLDERS = ['src', 'routers', 'entities', 'openapi', 'clients', 'examples', 'scripts', 'test']

const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs')
const cruised = await cruise(FOLDERS, { ...options, outputType: 'json' }, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
})
const result: ICruiseResult = JSON.parse(String(cruised.output))

const report = await format(result, { outputType: 'err-long' })
console.log(String(report.output).trim())

const circles = findCircles(result.modules)
for (const circle of circles) console.log(`error folders-circular: ${circle.join(' -> ')} -> ${circle[0]}`)

process.exitCode = report.exitCode > 0 || circles.length > 0 ? 1 : 0
