import { figure, round, type Bench, type Case, type Figure, type PartReport } from './part.ts'
import { rowsText, table } from './report.ts'

/** The size that the goals name. */
const goalRows = 200_000

/** Workbooks, beside SheetJS (`@e965/xlsx`): read into a table, and written from one. */
export function measureWorkbooks(bench: Bench): PartReport {
  // SheetJS cannot write a workbook of a million rows.
  const rows = Math.min(goalRows, bench.rows?.[0] ?? (bench.isQuick ? 20_000 : goalRows))
  const file = bench.files(rows).users
  const workbook = bench.workbook(rows)
  const runs = bench.isQuick ? 1 : 3
  bench.note(`a workbook of ${rowsText(rows)} rows, ${String(runs)} runs each`)
  const cases = [
    { id: 'Roster, read', runner: 'roster/workbook-read.ts', args: { file: workbook }, runs },
    { id: 'SheetJS, read', runner: 'peers/sheetjs-read.ts', args: { file: workbook }, runs },
    { id: 'Roster, write', runner: 'roster/workbook-write.ts', args: { file }, runs },
    { id: 'SheetJS, write', runner: 'peers/sheetjs-write.ts', args: { file }, runs },
  ] satisfies readonly Case[]
  const results = bench.measure(cases)
  const text = `${rows.toLocaleString('en')} rows × 25`
  const beside = (work: 'read' | 'write', unit: 'ms' | 'megabytes', goal: number): Figure => {
    const [ours, peer] = [results.get(`Roster, ${work}`)![unit], results.get(`SheetJS, ${work}`)![unit]]
    const what = `${text}: ${work} a workbook, ${unit === 'ms' ? 'time' : 'peak memory'}; goal ${String(goal)} × SheetJS`
    const id = `engine.xlsx-${work}${unit === 'ms' ? '' : '-memory'}.${rowsText(rows)}`
    return figure(id, what, ours, unit === 'ms' ? 'ms' : 'MB', rows >= goalRows ? peer * goal : null, peer)
  }
  const lines = cases.map(({ id }) => {
    const { ms, megabytes } = results.get(id)!
    return [id, `${String(round(ms))} ms`, `${String(round(megabytes))} MB`]
  })
  return {
    figures: [beside('read', 'ms', 0.1), beside('read', 'megabytes', 0.35), beside('write', 'ms', 0.5), beside('write', 'megabytes', 0.5)],
    text: `### Workbooks, ${text}\n\n${table(['', 'median', 'peak memory'], lines)}\n\nThe workbook is SheetJS's own, with shared texts as Excel writes them. Roster's memory is that of its own process and of the one that unpacks the workbook, both peaks added; it reads on into a table, where SheetJS stops at its cells.\n`,
  }
}
