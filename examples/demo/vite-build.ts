import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

// Run by build-page.ts as `node vite-build.ts OUT_DIR`.
const outDir = process.argv[2]
if (!outDir) throw new Error('Usage: node vite-build.ts OUT_DIR')

await build({
  configFile: false,
  root: fileURLToPath(new URL('./page/', import.meta.url)),
  plugins: [react()],
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
})
