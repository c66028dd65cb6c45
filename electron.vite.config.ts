import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const inRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const entries = (table: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(table).flatMap(([name, path]) => (existsSync(inRoot(path)) ? [[name, inRoot(path)]] : [])))

/** Programs that run under Node or Electron, one file each; what they share lies beside them. */
const programs = entries({
  index: './electron/main/index.ts',
  cli: './backend/hosts/cli/main.ts',
  'engine-worker': './backend/workers/engine-worker.ts',
  'workbook-child': './backend/workers/workbook-child.ts',
})
const preload = entries({ index: './electron/preload/index.ts' })
const page = entries({ index: './renderer/index.html' })

const { version } = JSON.parse(readFileSync(inRoot('./package.json'), 'utf8')) as { readonly version: string }
const external = ['electron', ...builtinModules, /^node:/]

// Everything is bundled, so the packed app ships `out/` and no node_modules. Chunks lie flat beside the programs:
// `new URL('./engine-worker.js', import.meta.url)` is then right wherever the bundler puts the line.
export default defineConfig({
  main: {
    define: { ROSTER_VERSION: JSON.stringify(version) },
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      sourcemap: false,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: programs,
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  ...(Object.keys(preload).length === 0
    ? {}
    : {
        preload: {
          build: {
            externalizeDeps: false,
            outDir: 'out/preload',
            reportCompressedSize: false,
            // A sandboxed preload must be one CommonJS file.
            rolldownOptions: { input: preload, external, output: { format: 'cjs' as const, entryFileNames: '[name].cjs' } },
          },
        },
      }),
  ...(Object.keys(page).length === 0
    ? {}
    : {
        renderer: {
          root: inRoot('./renderer'),
          plugins: [vue()],
          build: {
            outDir: inRoot('./out/renderer'),
            emptyOutDir: true,
            reportCompressedSize: false,
            // Inlined files would be data: URLs, which the page's content security policy refuses for fonts and scripts.
            assetsInlineLimit: 0,
            rolldownOptions: { input: page },
          },
        },
      }),
})
