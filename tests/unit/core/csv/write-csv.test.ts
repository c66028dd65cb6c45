import { describe, expect, it } from 'vitest'
import { controlHubDialect, writeCsv } from '../../../../shared/core/csv/write-csv.ts'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import type { Edit } from '../../../../shared/core/edits/edit.ts'
import { invert } from '../../../../shared/core/edits/delta.ts'
import type { TableDelta } from '../../../../shared/core/edits/delta.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import type { EditableTable } from '../../../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { bytesOf, cellsOf, readOk, written } from '../../../support/tables.ts'

function edited(table: EditableTable, edit: Edit): TableDelta {
  const planned = planEdit(table, edit)
  if (!planned.ok) throw new Error(planned.error.detail)
  applyDelta(table, planned.value.delta)
  return planned.value.delta
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** Quotes where none are needed, title rows, empty lines, ragged rows, no last line end: a machine would write none of it. */
const odd =
  'A title\r\n\r\n"Name",Mail,Note\r\n"Kari",k@f.no,"a ""b"""\r\n\r\n,,\r\nOla,o@f.no\r\nPer,p@f.no,x,"surplus, kept"\r\n"Åse",å@f.no,'
const readOdd = (): ReturnType<typeof readOk> => readOk(odd, { headerRow: 3 })

describe('what nobody touched', () => {
  it('is written byte for byte, quotes, title rows and empty lines included', () => {
    const { table, facts } = readOdd()
    expect(text(written(table, { dialect: facts }))).toBe(odd)
  })

  it('stays so around an edited cell: only that cell changes', () => {
    const { table, facts } = readOdd()
    edited(table, { kind: 'set-cells', cells: [{ row: 0, column: 1, text: 'kari@f.no' }] })
    expect(text(written(table, { dialect: facts }))).toBe(odd.replace('k@f.no', 'kari@f.no'))
  })

  it('is the whole file again after an undo', () => {
    const { table, facts } = readOdd()
    const delta = edited(table, { kind: 'fill', rows: [...table.rows], columns: [0, 1, 2], text: 'x,y' })
    expect(text(written(table, { dialect: facts }))).not.toBe(odd)
    applyDelta(table, invert(delta))
    expect(text(written(table, { dialect: facts }))).toBe(odd)
  })

  it('keeps short rows short and surplus cells, until somebody writes behind the last cell', () => {
    const { table, facts } = readOdd()
    edited(table, { kind: 'set-cells', cells: [{ row: 1, column: 0, text: 'Ole' }] })
    expect(text(written(table, { dialect: facts }))).toContain('\r\nOle,o@f.no\r\n')
    edited(table, { kind: 'set-cells', cells: [{ row: 1, column: 2, text: 'new' }] })
    expect(text(written(table, { dialect: facts }))).toContain('\r\nOle,o@f.no,new\r\n')
  })

  it('gets a line end where a row follows a last row that had none', () => {
    const { table, facts } = readOk('a,b\n1,2')
    edited(table, { kind: 'insert-rows', before: null, rows: [['3', '4']] })
    expect(text(written(table, { dialect: { ...facts } }))).toBe('a,b\n1,2\n3,4\n')
  })

  it('leaves out deleted rows and takes in new ones', () => {
    const { table, facts } = readOk('a,b\r\n"1",2\r\n"3",4\r\n"5",6\r\n')
    edited(table, { kind: 'delete-rows', rows: [1] })
    edited(table, { kind: 'insert-rows', before: 0, rows: [['x', 'y, z']] })
    expect(text(written(table, { dialect: facts }))).toBe('a,b\r\nx,"y, z"\r\n"1",2\r\n"5",6\r\n')
  })

  it('keeps the other header cells when one column is renamed', () => {
    const { table, facts } = readOk('"a","b"\n1,2\n')
    edited(table, { kind: 'rename-column', column: 1, header: 'c' })
    expect(text(written(table, { dialect: facts }))).toBe('"a",c\n1,2\n')
  })
})

describe('what is written anew', () => {
  it('is quoted only where it must be', () => {
    const table = tableFromRows(['a', 'b,c'], [['x y', ' x'], ['"', 'l\nm'], ['c\rd', ';'], ['', 'æ']]) // prettier-ignore
    expect(text(written(table, { dialect: controlHubDialect }))).toBe('a,"b,c"\r\nx y," x"\r\n"""","l\nm"\r\n"c\rd",;\r\n,æ\r\n')
  })

  it('goes into another dialect without title rows and empty lines', () => {
    const { table } = readOdd()
    expect(text(written(table, { dialect: { ...controlHubDialect, delimiter: ';', lineEnding: 'lf' } }))).toBe(
      'Name;Mail;Note\nKari;k@f.no;"a ""b"""\nOla;o@f.no\nPer;p@f.no;x;surplus, kept\nÅse;å@f.no;\n',
    )
  })

  it('writes some columns under other headers, in the order asked for', () => {
    const { table } = readOk('a,b,c\n1,2,3\n4,5,6\n')
    const options = { dialect: controlHubDialect, columns: [2, 0], headers: ['C', 'A'], rows: Uint32Array.of(1) }
    expect(text(written(table, options))).toBe('C,A\r\n6,4\r\n')
  })

  it('leaves out a dropped column and puts in a new one', () => {
    const { table, facts } = readOk('a,b,c\n1,2,3\n')
    edited(table, { kind: 'drop-column', column: 1 })
    edited(table, { kind: 'insert-column', position: 0, header: 'n', text: 'v' })
    expect(text(written(table, { dialect: facts }))).toBe('n,a,c\nv,1,3\n')
  })

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)('can be read again in %s', (encoding) => {
    const table = tableFromRows(['Navn', 'Beløp'], [['Åse Øvrebø', '€ 5'], ['Jäger', '“x”']]) // prettier-ignore
    const bytes = written(table, { dialect: { ...controlHubDialect, encoding, bom: encoding !== 'windows-1252' } })
    expect(cellsOf(readOk(bytes).table)).toEqual([['Åse Øvrebø', '€ 5'], ['Jäger', '“x”']]) // prettier-ignore
  })

  it('refuses a character that the encoding lacks and says where it stands', () => {
    const { table } = readOk('Name,Mail\nKari,k@f.no\nŁukasz,l@f.no\n')
    const result = writeCsv(table, { dialect: { ...controlHubDialect, encoding: 'windows-1252' } })
    expect(result).toMatchObject({ ok: false, error: { reason: 'unencodable', row: 3, column: 'Name', character: 'Ł' } })
  })

  it('does not mind that character in a row that is left out', () => {
    const { table } = readOk('Name,Mail\nKari,k@f.no\nŁukasz,l@f.no\n')
    expect(written(table, { dialect: { ...controlHubDialect, encoding: 'windows-1252' }, rows: Uint32Array.of(0) })).toEqual(
      bytesOf('Name,Mail\r\nKari,k@f.no\r\n'),
    )
  })

  it('comes in chunks, however large the table', () => {
    const table = tableFromRows(['a', 'b'], Array.from({ length: 60_000 }, (_, i) => [`user-${String(i)}`, 'x'.repeat(40)])) // prettier-ignore
    const result = writeCsv(table, { dialect: controlHubDialect })
    expect(result.ok && [...result.value].length).toBeGreaterThan(2)
  })
})
