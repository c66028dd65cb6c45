import { execFileSync } from 'node:child_process'
import { figure, type Bench, type Case, type Measured, type Part, type PartReport } from '../part.ts'
import { rowsText } from '../report.ts'
import { startPostgres } from '../../support/postgres.ts'
import type { How } from '../roster/store-push.ts'

/** A push into both stores, beside what puts the same rows into the same engine with nothing of a push around it. */
export const part: Part = { name: 'store', title: 'Push', run }

/** As the service does it above its bound for a single transaction. */
const chunk = 10_000

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
    return { figures: results.flatMap(({ rows, measured }) => figuresOf(rows, measured)), text: results.map(textOf).join('\n') }
  } finally {
    await server.stop()
  }
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
