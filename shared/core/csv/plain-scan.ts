import { grown } from '../../kit/bytes.ts'
import { ColumnBuilder } from '../table/column-builder.ts'
import { RowScan, type ScanInput } from './row-scan.ts'

const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d

/** What a byte outside quotes does to a cell: nothing, ends it, or ends the record. */
const goesOn = 0
const endsCell = 1
const endsAtLf = 2

/** The hot loop comes back after so many rows: a function that is called often is compiled sooner than one that loops long. */
const rowsACall = 512

/** Reads regular records in TypeScript: wherever there is no kernel, and files that are odd through and through. */
export class PlainScan extends RowScan<ColumnBuilder> {
  private readonly byteRoles: Uint8Array
  /** Behind the last line end nothing is read without looking where the file ends, so that is left to `readOddRow`. */
  private readonly lastBreak: number

  constructor(input: ScanInput) {
    super(input, (store, expectedRows) => new ColumnBuilder(store, expectedRows))
    this.byteRoles = rolesOf(input.delimiter)
    this.lastBreak = Math.max(lastIndexWithin(input.bytes, LF, input.end), lastIndexWithin(input.bytes, CR, input.end))
  }

  protected override readRegularRows(): boolean {
    const before = this.rows
    // A text that stood between quotes may hold a delimiter: it is no guess for a bare cell.
    for (const column of this.columns) column.guessLength = 0
    this.readPlainRows()
    return this.rows === before + rowsACall
  }

  /** Takes records of exactly the header's cells, bare or quoted, until so many rows were read or one is refused. */
  private readPlainRows(): void {
    const { bytes, end, columns, store, lastBreak, byteRoles } = this
    const columnCount = columns.length
    // Letters and digits lie above the delimiter mostly, and need no look at the table.
    const highestEnd = Math.max(this.delimiter, CR)
    const longest = this.limits.cellCharacters
    const stopRow = Math.min(this.limits.rows + 1, this.rows + rowsACall)
    let { rowStarts, position: p } = this
    let row = this.rows
    let crlf = 0
    let lf = 0
    let cr = 0

    while (p <= lastBreak && row < stopRow) {
      const rowStart = p
      let index = 0
      let textBytes = 0
      let role = goesOn
      for (; index < columnCount; index++) {
        const column = columns[index]!
        const first = bytes[p]!
        if (first === QUOTE) {
          const start = p + 1
          let close = start
          let isEscaped = false
          while (close < end) {
            if (bytes[close] !== QUOTE) close++
            else if (close + 1 < end && bytes[close + 1] === QUOTE) {
              isEscaped = true
              close += 2
            } else break
          }
          p = close + 1
          if (p > lastBreak || close - start > longest) break
          role = byteRoles[bytes[p]!]!
          if (role === goesOn) break
          textBytes |= close - start
          if (isEscaped) this.putEscaped(column, row, start - 1, p)
          else column.put(row, bytes, start, close, start)
          column.guessLength = 0
        } else {
          role = byteRoles[first]!
          if (role !== goesOn) column.putEmpty(row)
          else {
            const start = p
            // Most columns repeat the text of the row before: then its bytes and the end of the cell are all there is to see.
            const guessLength = column.guessLength
            let guessed = 0
            if (guessLength > 0) {
              const arena = store.arena
              const guessStart = column.guessStart
              while (guessed < guessLength && bytes[start + guessed] === arena[guessStart + guessed]) guessed++
            }
            p = start + guessed
            role = byteRoles[bytes[p]!]!
            if (guessed === guessLength && guessed > 0 && role !== goesOn) column.putGuess(row)
            else {
              let byte = bytes[p]!
              while (byte > highestEnd || byteRoles[byte] === goesOn) byte = bytes[++p]!
              role = byteRoles[byte]!
              if (p - start > longest) break
              column.put(row, bytes, start, p, start)
            }
            textBytes |= p - start
          }
        }
        p++
        if (role !== endsCell) {
          index++
          break
        }
        role = goesOn
      }
      if (index !== columnCount || role < endsAtLf || textBytes === 0) {
        p = rowStart
        break
      }
      if (role === endsAtLf) lf++
      else if (p < end && bytes[p] === LF) {
        crlf++
        p++
      } else cr++
      if (row >= rowStarts.length) rowStarts = this.rowStarts = grown(rowStarts, Math.ceil(row * 1.5) + 16)
      rowStarts[row++] = rowStart
    }
    this.position = p
    this.rows = row
    this.endings.crlf += crlf
    this.endings.lf += lf
    this.endings.cr += cr
  }
}

function rolesOf(delimiter: number): Uint8Array {
  const roles = new Uint8Array(256)
  roles[delimiter] = endsCell
  roles[LF] = endsAtLf
  roles[CR] = endsAtLf + 1
  return roles
}

const lastIndexWithin = (bytes: Uint8Array, byte: number, end: number): number => (end === 0 ? -1 : bytes.lastIndexOf(byte, end - 1))
