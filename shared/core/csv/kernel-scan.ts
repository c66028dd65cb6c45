import { KernelColumn } from './kernel-column.ts'
import type { Kernel } from './kernel.ts'
import { RowScan, type ScanInput } from './row-scan.ts'

/** Bytes of a call: they stay in the processor's second cache. */
const wholeBlock = 256 * 1024
/** After a record that was refused, in the hope that little is read in vain. */
const smallBlock = 4 * 1024
const mostRowsOfCall = 4_096
/** Wider tables are the twin's: the kernel keeps room for a block's rows of every column. */
const mostColumns = 1_000
/** So many refused records, and less than 64 rows between two of them: the file is odd through and through. */
const patience = 32

/** Reads regular records with the kernel, a block of bytes at a time. Where `gaveUp`, the twin must read from the start. */
export class KernelScan extends RowScan<KernelColumn> {
  gaveUp = false
  private readonly kernel: Kernel
  private readonly least: number
  private readonly mostRows: number
  private blockBytes = wholeBlock
  private refused = 0

  constructor(kernel: Kernel, input: ScanInput) {
    const mostRows = Math.min(mostRowsOfCall, Math.max(64, Math.floor(wholeBlock / input.columnCount)))
    kernel.begin(input.columnCount, input.delimiter, wholeBlock, mostRows, input.limits.cellCharacters)
    super(input, (store, expectedRows, index) => new KernelColumn(kernel, store, expectedRows, index))
    this.kernel = kernel
    this.mostRows = mostRows
    this.least = Math.min(wholeBlock, Math.max(smallBlock, input.columnCount * 64))
  }

  static takes({ columnCount, from, end }: ScanInput): boolean {
    return columnCount <= mostColumns && end - from >= wholeBlock
  }

  protected override readRegularRows(): boolean {
    const { kernel, columns, bytes, position } = this
    for (const column of columns) column.makeRoom(this.rows, this.mostRows)
    const length = Math.min(this.blockBytes, this.there - position)
    new Uint8Array(kernel.memory.buffer, kernel.blockAt(), length).set(bytes.subarray(position, position + length))
    const rows = kernel.readRows(length, position)
    if (rows === 0) {
      if (++this.refused >= patience && this.rows < this.refused * 64) {
        this.gaveUp = true
        this.position = this.end
      }
      this.blockBytes = this.least
      return this.gaveUp
    }
    for (const column of columns) column.take(this.rows, rows, this.mostRows)
    this.takeOddCells()
    this.reserveRowStarts(this.rows + rows)
    this.rowStarts.set(new Uint32Array(kernel.memory.buffer, kernel.rowStartsAt(), rows), this.rows)
    this.rows += rows
    const crlf = kernel.crlf.value
    this.endings.crlf += crlf
    this.endings.lf += rows - crlf
    const consumed = kernel.consumed.value
    this.position += consumed
    // What is left of the block is the beginning of a record, or one that was refused.
    this.blockBytes = rows < this.mostRows && length - consumed > this.least ? this.least : Math.min(wholeBlock, this.blockBytes * 4)
    return true
  }

  /** Quoted cells of plain columns that hold quotes: their text is put together here. */
  private takeOddCells(): void {
    const { kernel, columns } = this
    const count = kernel.oddCellCount.value
    const cells = new Uint32Array(kernel.memory.buffer, kernel.oddCellsAt(), count * 4)
    for (let i = 0; i < cells.length; i += 4) this.putEscaped(columns[cells[i + 1]!]!, this.rows + cells[i]!, cells[i + 2]!, cells[i + 3]!)
  }
}
