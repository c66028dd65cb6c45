import { readFileSync } from 'node:fs'
import Papa from 'papaparse'

/** papaparse alone: text to rows of texts. */
export const run = ({ file }: { readonly file: string }): string[][] =>
  Papa.parse<string[]>(readFileSync(file, 'utf8'), { header: false, skipEmptyLines: true }).data
export const check = (rows: readonly string[][]): unknown => ({ rows: rows.length - 1 })
