import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { polarsPackage } from './peers/polars.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const folder = here('../../node_modules/.cache/roster-bench/runners')
/** What else is measured runs from its sources: it starts programs of its own, or is the built program. */
const ofRoster = ['open-only', 'open-and-check', 'open-and-diff', 'diff-only', 'write-only']
/** These are loaded as they are installed. */
const peers = ['@duckdb/node-api', 'papaparse', 'ajv', 'xlsx', polarsPackage]

/** How a runner is started: `node PROGRAM RUNNER ARGS`, `runner` as the program imports it. */
export interface Start {
  readonly program: string
  readonly runner: string
}
export type StartOf = (runner: string) => Start

/**
 * Bundles the runners that open, check, compare and write CSV files, and their peers', as Roster is bundled when it is shipped: otherwise
 * each process would hold all sources and what strips them of their types.
 */
export async function bundleRunners(): Promise<StartOf> {
  const names = [
    ...ofRoster.map((name) => `roster/${name}`),
    ...readdirSync(here('./peers')).map((name) => `peers/${path.basename(name, '.ts')}`),
  ]
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node24',
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(['child', ...names].map((name) => [name, here(`./${name}.ts`)])),
        external: peers,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  return (runner) => {
    const name = runner.replace(/\.ts$/u, '')
    return names.includes(name)
      ? { program: path.join(folder, 'child.js'), runner: `./${name}.js` }
      : { program: here('./child.ts'), runner }
  }
}
