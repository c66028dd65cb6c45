// `npm run bench`: measures every part, prints goal, figure and peer side by side, and writes docs/performance.md.
//   --only PART  one part; nothing is written to docs   --json FILE  the figures as JSON
//   --quick      few runs and no million rows           --rows N,N   these sizes; nothing is written to docs
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleRunners } from './bundle.ts'
import { benchFiles, benchWorkbook, seed } from './generate.ts'
import { measure } from './measure.ts'
import { polarsPackage } from './peers/polars.ts'
import { warmRounds, type Bench, type Part, type PartReport } from './part.ts'
import { figureTable } from './report.ts'
import { whyMissed } from './why-missed.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
/** What else the machine was doing: above 0.5 or so the milliseconds are too many, and the ratios still hold. */
const loadBefore = loadavg()[0] ?? 0
const note = (text: string): void => void process.stderr.write(`  ${text}\n`)

try {
  await main()
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const words = readWords()
  const parts = await partsFound()
  const { only } = words
  if (only !== undefined && !parts.some(({ name }) => name === only)) {
    return refuse(`there is no part "${only}"; the parts are ${parts.map(({ name }) => name).join(', ')}`)
  }
  const startOf = await bundleRunners()
  const bench: Bench = {
    isQuick: words.isQuick,
    ...(words.rows === undefined ? {} : { rows: words.rows }),
    files: benchFiles,
    workbook: benchWorkbook,
    measure: (cases) => measure(cases, startOf, note),
    note,
  }
  const sections: (readonly [Part, PartReport])[] = []
  for (const part of parts) {
    if (only === undefined || part.name === only) sections.push([part, await part.run(bench)])
  }
  const text = sections
    .map(([part, report]) => `## ${part.title}\n\n${figureTable(report.figures)}${whyMissed(report.figures)}\n${report.text}`)
    .join('\n')
  say(`\n${machine()}\n\n${text}`)
  if (words.json !== undefined)
    writeFileSync(
      words.json,
      `${JSON.stringify(
        sections.flatMap(([, { figures }]) => figures),
        null,
        2,
      )}\n`,
    )
  if (only === undefined && !words.isQuick && words.rows === undefined) writeFileSync(here('../../docs/performance.md'), documentOf(text))
  const missed = sections.flatMap(([, { figures }]) => figures.filter(({ met }) => met === false))
  for (const { what } of missed) say(`Goal missed: ${what}`)
}

interface Words {
  readonly only: string | undefined
  readonly json: string | undefined
  readonly isQuick: boolean
  readonly rows: readonly number[] | undefined
}

function readWords(): Words {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, json: { type: 'string' }, quick: { type: 'boolean', default: false }, rows: { type: 'string' } },
    })
    const rows = values.rows?.split(',').map(Number)
    if (rows?.some((one) => !Number.isSafeInteger(one) || one < 1) === true) return refuse('--rows wants numbers: --rows 20000,200000')
    return { only: values.only, json: values.json, isQuick: values.quick, rows }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function refuse(message: string): never {
  process.stderr.write(`bench: ${message}\n`)
  process.exit(64)
}

async function partsFound(): Promise<readonly Part[]> {
  const names = readdirSync(here('./parts')).filter((name) => name.endsWith('.ts'))
  const modules = await Promise.all(
    names.sort().map((name) => import(new URL(`./parts/${name}`, import.meta.url).href) as Promise<{ part: Part }>),
  )
  return modules.map(({ part }) => part)
}

function machine(): string {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 1024 ** 3)
  return `${String(processors.length)} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${String(gigabytes)} GB, Node ${process.versions.node}, ${versions()}, seed ${String(seed)}. Load average ${loadBefore.toFixed(1)} when it began.`
}

function versions(): string {
  const versionOf = (name: string): string => {
    const file = path.join(here('../../node_modules'), name, 'package.json')
    return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`
  }
  const names = ['papaparse', 'ajv', '@duckdb/node-api', 'xlsx']
  // It is there only where somebody wanted it.
  if (existsSync(path.join(here('../../node_modules'), polarsPackage))) names.push(polarsPackage)
  return names.map(versionOf).join(', ')
}

function documentOf(text: string): string {
  return `# Performance

Written by \`npm run bench\`; do not edit by hand. Ratios travel from machine to machine, milliseconds do not.

${machine()}

Each figure is the median of several fresh processes, taken in turn. The clock runs around the work itself: modules are loaded and peers set up before it starts, so nobody pays for loading. Nor does anybody pay for cold code where Roster stands beside others with CSV files (opened, checked, compared, written): before the clock starts Roster warms up as its engine does when the program has started (with a small list of its own), and every peer does its work ${String(warmRounds)} times on the list of 20,000 rows. Those runners are bundled, as Roster is when it is shipped; drafts in use, workbooks and stores run from the sources, cold. Memory is the peak of the whole process, the runtime and the warm-up included: of 20,000 rows that is most of it, for peers above all.

${text}`
}
