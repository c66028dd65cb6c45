import { statSync } from 'node:fs'
import { csvCase } from '../csv-case.ts'
import { figure, round, type Bench, type Figure, type Measured, type Part, type PartReport } from '../part.ts'
import { polarsPackage } from '../peers/polars.ts'
import { rowsText, table } from '../report.ts'
import { measureWorkbooks } from '../workbooks.ts'

/** The engine's own goals: ratios beside native engines, and what one edit, one window and one view cost. */
export const part: Part = { name: 'engine', title: 'The engine', run }

/** Name, module, and whether its second list is the one in another order. */
const runners: readonly (readonly [id: string, runner: string, isShuffled?: true])[] = [
  ['Roster, open', 'roster/open-only.ts'],
  ['DuckDB, read_csv', 'peers/duckdb-parse.ts'],
  ['papaparse, parse', 'peers/papaparse-parse.ts'],
  ['Roster, open + check', 'roster/open-and-check.ts'],
  ['DuckDB, read_csv + 15 rules', 'peers/duckdb-check.ts'],
  ['papaparse + ajv per row', 'peers/ajv.ts'],
  ['Roster, write', 'roster/write-only.ts'],
  ['DuckDB, COPY', 'peers/duckdb-write.ts'],
  ['Roster, diff', 'roster/diff-only.ts'],
  ['DuckDB, full outer join', 'peers/duckdb-join.ts'],
  ['Roster, diff of shuffled rows', 'roster/diff-only.ts', true],
  ['DuckDB, full outer join of shuffled rows', 'peers/duckdb-join.ts', true],
  ['Roster, a draft in use', 'roster/use-draft.ts'],
  ['Roster, windows meanwhile', 'roster/windows-meanwhile.ts'],
]
const polarsRunners: typeof runners = [
  ['polars, read_csv', 'peers/polars-parse.ts'],
  ['polars, read_csv + 15 rules', 'peers/polars-check.ts'],
]
/** These must have found the same. */
const sameWork: readonly (readonly string[])[] = [
  ['DuckDB, read_csv', 'polars, read_csv'],
  ['DuckDB, read_csv + 15 rules', 'polars, read_csv + 15 rules'],
  ['Roster, diff', 'DuckDB, full outer join', 'Roster, diff of shuffled rows', 'DuckDB, full outer join of shuffled rows'],
]

/** Null where polars was installed beside the project's own packages. */
async function whyNoPolars(): Promise<string | null> {
  try {
    await import(polarsPackage)
    return null
  } catch (error) {
    return `${error instanceof Error ? error.message.split('\n')[0]! : String(error)} (npm install --no-save nodejs-polars@0.26.1)`
  }
}

type Results = ReadonlyMap<string, Measured>

async function run(bench: Bench): Promise<PartReport> {
  const noPolars = await whyNoPolars()
  const all = noPolars === null ? [...runners, ...polarsRunners] : runners
  if (noPolars !== null) bench.note(`polars is not measured: ${noPolars}`)
  const sizes = bench.rows ?? (bench.isQuick ? [20_000, 200_000] : [20_000, 200_000, 1_000_000])
  const measured = sizes.map((rows) => ({ rows, results: measureSize(bench, rows, all) }))
  const figures = measured.flatMap(({ rows, results }) => figuresOf(bench, rows, results))
  const workbooks = measureWorkbooks(bench)
  const without = noPolars === null ? [] : [`polars was not measured: ${noPolars}\n`]
  const text = [...without, ...measured.map(({ rows, results }) => sizeText(rows, results, all)), workbooks.text].join('\n')
  return { figures: [...figures, ...growthOf(measured), ...workbooks.figures], text }
}

function measureSize(bench: Bench, rows: number, all: typeof runners): Results {
  const runs = bench.isQuick ? 1 : rows >= 1_000_000 ? 3 : 5
  bench.note(`${rowsText(rows)} rows, ${String(runs)} runs each`)
  const results = bench.measure(all.map(([id, runner, isShuffled = false]) => csvCase(bench, { id, runner, rows, runs, isShuffled })))
  for (const group of sameWork) {
    const found = group.filter((id) => results.has(id)).map((id) => sortedText(results.get(id)?.check))
    if (new Set(found).size > 1) throw new Error(`Not the same was found by ${group.join('; ')}:\n${found.join('\n')}`)
  }
  return results
}

function figuresOf(bench: Bench, rows: number, results: Results): Figure[] {
  const of = (id: string): Measured => results.get(id)!
  const size = rowsText(rows)
  const text = `${rows.toLocaleString('en')} rows`
  // The goals are meant for a million rows; with fewer, starting up is most of it.
  const isFull = rows >= 1_000_000
  const ratio = (id: string, what: string, ours: string, peer: string, goal: number): Figure =>
    figure(`engine.${id}.${size}`, `${text}: ${what}`, of(ours).ms, 'ms', isFull ? of(peer).ms * goal : null, of(peer).ms)
  const { stages } = of('Roster, a draft in use')
  const most = (id: string, what: string, stage: string, goal: number): Figure =>
    figure(`engine.${id}.${size}`, `${text}: ${what}`, stages[stage] ?? 0, 'ms', isFull ? goal : null)
  const waits = of('Roster, windows meanwhile').stages
  const wait = (id: string, what: string): Figure =>
    figure(
      `engine.wait-${id}.${size}`,
      `${text}: longest wait of a window while the list is ${what}`,
      waits[`longest wait, ${id}`] ?? 0,
      'ms',
      isFull ? 50 : null,
    )
  const megabytes = statSync(bench.files(rows).users).size / 1024 / 1024
  return [
    ratio('parse-duckdb', 'open; goal 0.25 × DuckDB', 'Roster, open', 'DuckDB, read_csv', 0.25),
    ratio('parse-papaparse', 'open; goal 0.12 × papaparse', 'Roster, open', 'papaparse, parse', 0.12),
    ratio('check-duckdb', 'open + all rules; goal 0.35 × DuckDB with 15', 'Roster, open + check', 'DuckDB, read_csv + 15 rules', 0.35),
    ratio('check-ajv', 'open + all rules; goal 0.08 × papaparse + ajv', 'Roster, open + check', 'papaparse + ajv per row', 0.08),
    ...(results.has('polars, read_csv')
      ? [
          ratio('parse-polars', 'open; goal 0.8 × polars', 'Roster, open', 'polars, read_csv', 0.8),
          ratio('check-polars', 'open + all rules; goal 0.5 × polars with 15', 'Roster, open + check', 'polars, read_csv + 15 rules', 0.5),
        ]
      : []),
    ratio('diff', 'diff of two opened lists; goal 0.35 × DuckDB full outer join', 'Roster, diff', 'DuckDB, full outer join', 0.35),
    ratio(
      'diff-shuffled',
      'diff, rows in another order; goal 0.6 × DuckDB full outer join',
      'Roster, diff of shuffled rows',
      'DuckDB, full outer join of shuffled rows',
      0.6,
    ),
    ratio('write', 'write CSV; goal 0.3 × DuckDB COPY', 'Roster, write', 'DuckDB, COPY', 0.3),
    figure(
      `engine.memory.${size}`,
      `${text}: peak memory of open + check; goal 1.8 × the file`,
      of('Roster, open + check').megabytes,
      'MB',
      isFull ? megabytes * 1.8 : null,
    ),
    most('edit', 'one cell edited, journaled, checked and counted: 99 % of 1,200', 'edits p99', 2),
    most('window', 'a window of 200 rows, sorted or filtered: 99 % of 800', 'windows p99', 2),
    most('sort', 'sort by last name', 'sort p50', 1000),
    most('sort-distinct', 'sort by email, no two alike', 'sort distinct p50', 1000),
    most('filter', 'filter by department', 'filter p50', 100),
    most('filter-distinct', 'filter by email, no two alike', 'filter distinct p50', 100),
    wait('sort', 'sorted by email'),
    wait('filter', 'filtered by email'),
    wait('find', 'searched through'),
    wait('values', 'counted by email'),
  ]
}

/** A million rows may take little more a row than 200,000; an edit the same at 20,000 and at a million. */
function growthOf(measured: readonly { readonly rows: number; readonly results: Results }[]): Figure[] {
  const at = (rows: number): Results | undefined => measured.find((one) => one.rows === rows)?.results
  const [small, middle, large] = [at(20_000), at(200_000), at(1_000_000)]
  const figures: Figure[] = []
  if (middle !== undefined && large !== undefined) {
    const perRow = large.get('Roster, open + check')!.ms / 5 / middle.get('Roster, open + check')!.ms
    figures.push(figure('engine.growth', 'open + check: time per row at 1M, as a share of that at 200k', perRow, '×', 1.2))
  }
  if (small !== undefined && large !== undefined) {
    const [few, many] = [small, large].map((results) => results.get('Roster, a draft in use')!.stages['edits p50'] ?? 0)
    figures.push(figure('engine.edit-growth', 'one cell edited (median): 1M as a share of 20k', (many ?? 0) / (few ?? 1), '×', 2))
  }
  return figures
}

const sortedText = (found: unknown): string => JSON.stringify(Object.entries(found as object).sort(([a], [b]) => (a < b ? -1 : 1)))

function sizeText(rows: number, results: Results, all: typeof runners): string {
  const lines = all.map(([id]) => {
    const { ms, megabytes, stages } = results.get(id)!
    const split = Object.entries(stages).map(([stage, value]) => `${stage} ${String(round(value))}`)
    return [id, `${String(round(ms))} ms`, `${String(round(megabytes))} MB`, split.join(', ')]
  })
  return `### ${rows.toLocaleString('en')} rows\n\n${table(['', 'median', 'peak memory', 'stages in ms'], lines)}\n`
}
