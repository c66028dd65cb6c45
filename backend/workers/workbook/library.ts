import { columnName, maxSheetColumns, maxSheetRows } from '../../ports/workbook-bounds.ts'
import type { CsvOut } from './csv-out.ts'
import { formatOf, isDateText, numberText, plainFormat } from './number-text.ts'
import type { NumberFormat } from './number-text.ts'
import type { SheetPlan, WorkbookPlan } from './parts.ts'
import type { SheetNotes } from './sheet.ts'
import { broken, refuse } from './trouble.ts'
import { plainXml } from './xml.ts'
import { unpack } from './zip.ts'
import type { Zip } from './zip.ts'

/**
 * Reads one sheet with SheetJS. It gets neither the container (its unzipping hangs on damaged data and trusts wrong check sums)
 * nor anything but the parts a sheet needs, unpacked, checked and free of DOCTYPEs by us; and its `!ref` is not looked at
 * (two cells far apart make it 17 billion cells wide).
 */
export async function readWithLibrary(zip: Zip, plan: WorkbookPlan, sheet: SheetPlan, out: CsvOut, maxChars: number): Promise<SheetNotes> {
  const { CFB, parse_zip: parseParts } = (await import('xlsx')) as unknown as Library
  const container = CFB.utils.cfb_new()
  const parts = [...plan.frame, ...(sheet.entry === undefined ? [] : [sheet.entry])]
  for (const entry of parts) CFB.utils.cfb_add(container, entry.name, plainXml(unpack(zip, entry), entry.name), { unsafe: true })
  const workbook = asked(() =>
    parseParts(container, {
      type: 'buffer',
      dense: true,
      sheets: sheet.name,
      cellStyles: true,
      cellNF: true,
      cellText: false,
      cellHTML: false,
      WTF: true,
    }),
  )
  const found = workbook.Sheets[sheet.name] ?? broken(`the sheet “${sheet.name}” cannot be read`)

  const hiddenRows: number[] = []
  const formulas = { count: 0, first: '' }
  const dates = { count: 0, first: '' }
  const formats = new Map<string, NumberFormat>()
  const formatNamed = (code: string | undefined): NumberFormat => {
    if (code === undefined) return plainFormat
    const format = formats.get(code) ?? formatOf(code)
    formats.set(code, format)
    return format
  }
  const text = (cell: Cell, address: string): string => {
    if (cell.f !== undefined && formulas.count++ === 0) formulas.first = address
    if (cell.t === 'b') return cell.v === true ? 'TRUE' : 'FALSE'
    if (cell.t === 'e') return cell.w ?? '#N/A'
    if (cell.t !== 'n') return textOf(cell.v)
    const format = formatNamed(cell.z)
    const raw = String(cell.v)
    if (isDateText(raw, format, plan.date1904) && dates.count++ === 0) dates.first = address
    return numberText(raw, format, plan.date1904) ?? broken(`${address} holds no number that can be read`)
  }

  const rows = Object.entries(found['!data'] ?? [])
  for (const [key, cells] of rows) {
    const row = Number(key) + 1
    if (!(row >= 1 && row <= maxSheetRows)) broken(`the sheet “${sheet.name}” holds a row numbered ${key}`)
    out.startRow(row)
    for (const [columnKey, cell] of Object.entries(cells ?? [])) {
      const column = Number(columnKey)
      if (!(column >= 0 && column < maxSheetColumns)) broken(`the sheet “${sheet.name}” holds a cell outside of the sheet in row ${row}`)
      if (cell === undefined || cell.t === 'z') continue
      const address = `${columnName(column)}${row}`
      const characters = text(cell, address)
      if (characters.length > maxChars) refuse('over-limit', `${address} holds more than ${maxChars} characters`)
      out.putText(column, characters)
    }
    if (out.endRow() && found['!rows']?.[row - 1]?.hidden === true) hiddenRows.push(row)
  }
  const merges = found['!merges'] ?? []
  const cell = (at: { readonly r: number; readonly c: number }): string => `${columnName(at.c)}${at.r + 1}`
  return {
    hiddenRows,
    hiddenColumns: Object.entries(found['!cols'] ?? []).flatMap(([key, column]) =>
      column?.hidden === true ? [[Number(key) + 1, Number(key) + 1] as const] : [],
    ),
    formulas,
    dates,
    merged: { count: merges.length, first: merges.slice(0, 5).map(({ s, e }) => `${cell(s)}:${cell(e)}`) },
  }
}

function asked<T>(parse: () => T): T {
  try {
    return parse()
  } catch {
    // What the library says names its own insides, and sometimes a cell's content.
    return broken('the workbook is put together in a way that cannot be read')
  }
}

/** What is used of SheetJS here: less than, and in part beside, what its types declare. */
interface Library {
  readonly CFB: {
    readonly utils: {
      cfb_new(): object
      cfb_add(container: object, name: string, content: Buffer, options: { readonly unsafe: boolean }): void
    }
  }
  parse_zip(container: object, options: object): { readonly Sheets: Readonly<Record<string, LibrarySheet>> }
}

interface LibrarySheet {
  readonly '!data'?: readonly (readonly (Cell | undefined)[] | undefined)[]
  readonly '!rows'?: readonly ({ readonly hidden?: boolean } | undefined)[]
  readonly '!cols'?: readonly ({ readonly hidden?: boolean } | undefined)[]
  readonly '!merges'?: readonly {
    readonly s: { readonly r: number; readonly c: number }
    readonly e: { readonly r: number; readonly c: number }
  }[]
}

interface Cell {
  readonly t: string
  readonly v?: unknown
  readonly w?: string
  readonly f?: string
  /** Number format code. */
  readonly z?: string
}

/** What the library keeps as a value of a cell that is no number, Boolean or error. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}
