// `node make-workbook.ts CSV XLSX`: the file as a workbook of SheetJS's, in a process of its own for the memory that it takes.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import Papa from 'papaparse'
import { utils, write } from 'xlsx'

const [source = '', target = ''] = process.argv.slice(2)
const { data } = Papa.parse<string[]>(readFileSync(source, 'utf8'), { header: false, skipEmptyLines: true })
const book = utils.book_new()
utils.book_append_sheet(book, utils.aoa_to_sheet(data, { dense: true }), 'Users')
// Excel keeps every text once, in a part of its own.
writeFileSync(`${target}.part`, write(book, { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: true }) as Buffer)
renameSync(`${target}.part`, target)
