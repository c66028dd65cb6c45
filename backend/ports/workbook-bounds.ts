/** What a sheet of a workbook can hold at all (Excel specifications and limits). */
export const maxSheetRows = 1 << 20
export const maxSheetColumns = 1 << 14
/** UTF-16 units. */
export const maxCellCharacters = 32_767

/** The letters of a column counted from 0: 0 → A, 25 → Z, 26 → AA. */
export function columnName(column: number): string {
  let rest = column
  let letters = ''
  do {
    letters = String.fromCharCode(65 + (rest % 26)) + letters
    rest = Math.floor(rest / 26) - 1
  } while (rest >= 0)
  return letters
}
