import { execFileSync } from 'node:child_process'
import { figure, type Bench, type Case, type Figure, type Measured, type Part, type PartReport } from '../part.ts'
import { rowsText } from '../report.ts'
import { startPostgres } from '../../support/postgres.ts'
import { portionItems } from '../../../shared/core/batch/push-portions.ts'
import type { How } from '../roster/store-push.ts'

/** A push into both stores, beside what puts the same rows into the same engine with nothing of a push around it. */
export const part: Part = { name: 'store', title: 'Push', run }

/** As the service does it above its bound for a single transaction. */
const chunk = portionItems

/** A whole push, from the stored batch to the receipt. The smaller one has two portions in memory already. */
const wholeSizes = [60_000, 200_000] as const
const engines = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const
type Engine = keyof typeof engines
const wholeHeap = 192
const wholeId = (engine: Engine, rows: number): string => `${engines[engine]}, ${rowsText(rows)} items`

const names: Readonly<Record<How, string>> = {
  'roster-postgres': 'Roster, push into PostgreSQL',
  'psql-copy': 'psql \\copy into a bare table',
  'copy-and-merge': 'COPY into staging + merge',
  'row-by-row': 'row by row, as the naive peer',
  'roster-sqlite': 'Roster, push into SQLite',
  'bare-sqlite': 'bare prepared insert into SQLite',
}

async function run(bench: Bench): Promise<PartReport> {
  const server = await startPostgres()
  try {
    const sizes = bench.rows ?? (bench.isQuick ? [20_000] : [20_000, 200_000])
    const hows = (Object.keys(names) as How[]).filter((how) => how !== 'psql-copy' || hasPsql())
    const results = sizes.map((rows) => {
      const runs = bench.isQuick ? 1 : 5
      const cases = hows.map((how): Case => ({
        id: names[how],
        runner: './roster/store-push.ts',
        args: { how, rows, chunk, server: `postgres://postgres@127.0.0.1:${server.port}/postgres` },
        // Two hundred thousand statements one by one say the same each time.
        runs: how === 'row-by-row' && rows > 50_000 ? 1 : runs,
      }))
      bench.note(`${rowsText(rows)} items, ${String(runs)} runs each`)
      return { rows, measured: bench.measure(cases) }
    })
    const whole = bench.rows === undefined && !bench.isQuick ? measureWhole(bench, server.port) : null
    return {
      figures: [
        ...results.flatMap(({ rows, measured }) => figuresOf(rows, measured)),
        ...(whole === null ? [] : (Object.keys(engines) as Engine[]).map((engine) => memoryFigure(engine, whole))),
      ],
      text: [...results.map(textOf), ...(whole === null ? [] : [wholeText(whole)])].join('\n'),
    }
  } finally {
    await server.stop()
  }
}

function measureWhole(bench: Bench, port: number): ReadonlyMap<string, Measured> {
  bench.note('whole pushes, for their memory')
  return bench.measure(
    (Object.keys(engines) as Engine[]).flatMap((engine) =>
      wholeSizes.map((rows) => ({
        id: wholeId(engine, rows),
        runner: './roster/push-batch.ts',
        args: { engine, rows, server: `postgres://postgres@127.0.0.1:${port}/postgres` },
        runs: 3,
        heapMegabytes: wholeHeap,
      })),
    ),
  )
}

function memoryFigure(engine: Engine, whole: ReadonlyMap<string, Measured>): Figure {
  const [small = 1, large = 0] = wholeSizes.map((rows) => whole.get(wholeId(engine, rows))?.stages['live'])
  const what = `A whole push into ${engines[engine]}: memory held with ${rowsText(wholeSizes[1])} items as a share of that with ${rowsText(wholeSizes[0])}`
  return figure(`store-${engine}-memory`, what, large / small, '×', 1.2)
}

function wholeText(whole: ReadonlyMap<string, Measured>): string {
  const lines = [...whole].map(
    ([id, { ms, megabytes, stages, runs }]) =>
      `| ${id} | ${(stages['live'] ?? 0).toFixed(0)} | ${megabytes.toFixed(0)} | ${ms.toFixed(0)} | ${String(runs)} |`,
  )
  return `### A whole push

As \`roster push\` does it: the stored batch held to its digest, guards, portions of ${rowsText(chunk)} items, the receipt. The batch is read in pieces, three times. "Held" is the heap after each portion once it was collected (which the ms pay for); the peak is the process's, with a heap of at most ${String(wholeHeap)} MB.

| | MB held | peak MB | ms | runs |
|---|---|---|---|---|
${lines.join('\n')}
`
}

function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'])
    return true
  } catch {
    return false
  }
}

function figuresOf(rows: number, measured: ReadonlyMap<string, Measured>): PartReport['figures'] {
  const ratio = (how: How, peer: How): number | null => {
    const [own, other] = [measured.get(names[how]), measured.get(names[peer])]
    return own === undefined || other === undefined ? null : own.ms / other.ms
  }
  const size = rowsText(rows)
  const copy = ratio('roster-postgres', 'psql-copy')
  const merge = ratio('roster-postgres', 'copy-and-merge')
  const naive = ratio('roster-postgres', 'row-by-row')
  const sqlite = ratio('roster-sqlite', 'bare-sqlite')
  const goal = (value: number): number | null => (rows >= 200_000 ? value : null)
  return [
    ...(copy === null
      ? []
      : [figure(`store-postgres-${size}`, `Push of ${size} items into PostgreSQL, against psql \\copy`, copy, '×', goal(3))]),
    ...(merge === null ? [] : [figure(`store-postgres-floor-${size}`, `… against COPY into staging + merge alone`, merge, '×', null)]),
    ...(naive === null ? [] : [figure(`store-postgres-naive-${size}`, `… against row by row`, naive, '×', null)]),
    ...(sqlite === null
      ? []
      : [figure(`store-sqlite-${size}`, `Push of ${size} items into SQLite, against a bare prepared insert`, sqlite, '×', goal(2))]),
  ]
}

function textOf({ rows, measured }: { readonly rows: number; readonly measured: ReadonlyMap<string, Measured> }): string {
  const lines = [...measured].map(
    ([id, { ms, megabytes, runs, slowest }]) =>
      `| ${id} | ${ms.toFixed(0)} | ${Math.round(rows / ms)} | ${megabytes.toFixed(0)} | ${String(runs)} | ${slowest.toFixed(0)} |`,
  )
  return `### ${rowsText(rows)} added users

Ledger, before-images, audit and the users in the same transactions of ${rowsText(chunk)} items, \`fsync\` on, at the height of the port: reading and hashing the batch is not in it.

| | ms | thousand rows/s | peak MB | runs | slowest ms |
|---|---|---|---|---|---|
${lines.join('\n')}
`
}
