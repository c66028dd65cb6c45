import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { csvCase } from '../csv-case.ts'
import { median } from '../measure.ts'
import { figure, round, type Bench, type Figure, type Measured, type Part, type PartReport } from '../part.ts'
import { rowsText, table } from '../report.ts'

/** Open, check and diff at three sizes, beside papaparse, papaparse with ajv, and DuckDB. */
export const part: Part = { name: 'spine', title: 'Open, check, diff', run }

function run(bench: Bench): PartReport {
  const started = twentyRows(bench)
  const sizes = bench.rows ?? (bench.isQuick ? [20_000, 200_000] : [20_000, 200_000, 1_000_000])
  const measured = sizes.map((rows) => ({ rows, results: measureSize(bench, rows), floor: countLines(bench.files(rows).users) }))
  const figures = [...measured.flatMap(({ rows, results }) => figuresOf(rows, results)), started]
  return { figures, text: measured.map(({ rows, results, floor }) => sizeText(bench, rows, results, floor)).join('\n') }
}

type Results = ReadonlyMap<string, Measured>

const runners: readonly (readonly [string, string])[] = [
  ['floor: read the file', 'peers/read-file.ts'],
  ['Roster, open', 'roster/open-only.ts'],
  ['papaparse, parse', 'peers/papaparse-parse.ts'],
  ['DuckDB, read_csv', 'peers/duckdb-parse.ts'],
  ['Roster, open + check', 'roster/open-and-check.ts'],
  ['papaparse + ajv per row', 'peers/ajv.ts'],
  ['DuckDB, read_csv + 15 rules', 'peers/duckdb-check.ts'],
  ['Roster, open both + diff', 'roster/open-and-diff.ts'],
  ['papaparse both + Map', 'peers/papaparse-diff.ts'],
  ['DuckDB, read_csv both + join', 'peers/duckdb-diff.ts'],
]
/** These must have found the same. */
const sameWork: readonly (readonly string[])[] = [
  ['Roster, open', 'DuckDB, read_csv'],
  ['Roster, open + check', 'papaparse + ajv per row', 'DuckDB, read_csv + 15 rules'],
  ['Roster, open both + diff', 'papaparse both + Map', 'DuckDB, read_csv both + join'],
]

function measureSize(bench: Bench, rows: number): Results {
  const runs = bench.isQuick ? 1 : rows >= 1_000_000 ? 3 : 5
  bench.note(`${rowsText(rows)} rows, ${String(runs)} runs each`)
  const results = bench.measure(runners.map(([id, runner]) => csvCase(bench, { id, runner, rows, runs })))
  for (const group of sameWork) {
    const found = group.map((id) => sortedText(results.get(id)?.check))
    if (new Set(found).size > 1)
      throw new Error(`Not the same was found:\n${group.map((id, at) => `${id}: ${found[at] ?? ''}`).join('\n')}`)
  }
  return results
}

const sortedText = (counts: unknown): string => JSON.stringify(Object.entries(counts as object).sort(([a], [b]) => (a < b ? -1 : 1)))

function figuresOf(rows: number, results: Results): Figure[] {
  const of = (id: string): Measured => results.get(id)!
  const size = rowsText(rows)
  const checked = of('Roster, open + check')
  const parsed = of('papaparse, parse')
  const text = `${rows.toLocaleString('en')} rows`
  return [
    // The goal of the main job: all the rules in the time that papaparse alone needs to parse.
    figure(
      `spine.open-check.${size}`,
      `${text}: open + check; peer: papaparse parses only`,
      checked.ms,
      'ms',
      rows === 200_000 ? parsed.ms : null,
      parsed.ms,
    ),
    figure(
      `spine.open-check-ajv.${size}`,
      `${text}: open + check; peer: papaparse + ajv per row`,
      checked.ms,
      'ms',
      null,
      of('papaparse + ajv per row').ms,
    ),
    figure(
      `spine.open-check-duckdb.${size}`,
      `${text}: open + check; peer: DuckDB`,
      checked.ms,
      'ms',
      null,
      of('DuckDB, read_csv + 15 rules').ms,
    ),
    figure(
      `spine.open-check-memory.${size}`,
      `${text}: open + check, peak memory; peer: papaparse + ajv`,
      checked.megabytes,
      'MB',
      null,
      of('papaparse + ajv per row').megabytes,
    ),
    figure(
      `spine.diff.${size}`,
      `${text}: open both + diff; peer: DuckDB`,
      of('Roster, open both + diff').ms,
      'ms',
      null,
      of('DuckDB, read_csv both + join').ms,
    ),
  ]
}

function sizeText(bench: Bench, rows: number, results: Results, wordCount: number | null): string {
  const megabytes = round(statSync(bench.files(rows).users).size / 1_000_000)
  const floor = wordCount === null ? [] : [['floor: `wc -l`, process included', `${String(round(wordCount))} ms`, '', '', '']]
  const base = results.get('papaparse, parse')!.ms
  const lines = runners.map(([id]) => {
    const { ms, megabytes: memory, stages, slowest } = results.get(id)!
    const split = Object.entries(stages).map(([stage, value]) => `${stage} ${String(round(value))}`)
    return [
      id,
      `${String(round(ms))} ms`,
      `${String(round(slowest))} ms`,
      `${(ms / base).toFixed(2)} ×`,
      `${String(round(memory))} MB${split.length > 0 ? ` (${split.join(', ')} ms)` : ''}`,
    ]
  })
  const head = [
    `${rows.toLocaleString('en')} rows, ${String(megabytes)} MB`,
    'median',
    'slowest',
    'of papaparse, parse',
    'peak memory (stages)',
  ]
  const { runs } = results.get('papaparse, parse')!
  return `### ${rows.toLocaleString('en')} rows, ${String(runs)} runs each\n\n${table(head, [...floor, ...lines])}\n`
}

/** Null where there is no `wc`. */
function countLines(file: string): number | null {
  const times = [1, 2, 3].map(() => {
    const started = performance.now()
    return spawnSync('wc', ['-l', file]).status === 0 ? performance.now() - started : null
  })
  return times.some((ms) => ms === null) ? null : median(times as number[])
}

const roster = fileURLToPath(new URL('../../../bin/roster.mjs', import.meta.url))

/** A check of twenty rows on the command line, from the start of the process to its end. */
function twentyRows(bench: Bench): Figure {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  try {
    const file = path.join(folder, 'twenty.csv')
    writeFileSync(file, readFileSync(bench.files(20_000).before, 'utf8').split('\r\n').slice(0, 21).join('\r\n'))
    const check = (): number => {
      const started = performance.now()
      const ended = spawnSync(process.execPath, [roster, 'check', file, '--data-dir', folder, '--fail-on', 'error'], { encoding: 'utf8' })
      if (ended.status !== 0) throw new Error(`roster check ended with ${String(ended.status)}: ${ended.stderr}`)
      return performance.now() - started
    }
    check() // builds what is stale, and brings the program into the file cache
    const ms = median(Array.from({ length: bench.isQuick ? 3 : 5 }, check))
    return figure('spine.check-20-rows', '20 rows: `roster check`, the whole process', ms, 'ms', 500)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
