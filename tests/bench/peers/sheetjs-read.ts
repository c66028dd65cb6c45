import { read, utils, type WorkBook } from 'xlsx'
import { readFileSync } from 'node:fs'

/** SheetJS in its leanest way: dense cells, no formulas, no HTML, no formatted texts. */
export const run = ({ file }: { readonly file: string }): WorkBook =>
  read(readFileSync(file), { dense: true, cellFormula: false, cellHTML: false, cellText: false })
export function check({ Sheets, SheetNames }: WorkBook): unknown {
  const { e } = utils.decode_range(Sheets[SheetNames[0]!]!['!ref']!)
  return { rows: e.r, columns: e.c + 1 }
}
