import { BytesProblem, BytesReader, BytesWriter } from '../../kit/bytes-stream.ts'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import type { RaggedRow } from '../table/table.ts'
import type { CellTexts, DeltaStep, RowShapes, TableDelta } from './delta.ts'

/** First byte of an encoded delta. A journal is read by later versions of Roster, so a change of the format is a new number. */
const version = 1

/** The order is part of the format: a new kind goes to the end. */
const kinds = ['cells', 'insert-rows', 'delete-rows', 'rename-column', 'insert-column', 'drop-column', 'reshape-rows'] as const

export interface UndecodableDelta {
  readonly reason: 'damaged' | 'newer-version'
  readonly detail: string
}

/** A delta as compact bytes, for the journal. Law: `decodeDelta(encodeDelta(d))` is `d`. */
export function encodeDelta(delta: TableDelta): Uint8Array {
  const out = new BytesWriter()
  out.byte(version)
  out.number(delta.length)
  for (const step of delta) {
    out.byte(kinds.indexOf(step.kind))
    writeStep(out, step)
  }
  return out.bytes()
}

export function decodeDelta(bytes: Uint8Array): Result<TableDelta, UndecodableDelta> {
  const input = new BytesReader(bytes)
  try {
    const found = input.byte()
    if (found !== version)
      return err({ reason: 'newer-version', detail: `The step was written in format ${String(found)}, known is ${String(version)}.` })
    const steps = Array.from({ length: input.count() }, () => readStep(input))
    return input.isAtEnd ? ok(steps) : err({ reason: 'damaged', detail: 'Bytes follow behind the last step.' })
  } catch (problem) {
    if (problem instanceof BytesProblem) return err({ reason: 'damaged', detail: problem.message })
    throw problem
  }
}

function writeStep(out: BytesWriter, step: DeltaStep): void {
  switch (step.kind) {
    case 'cells':
      out.number(step.column)
      out.ids(step.rows)
      writeTexts(out, step.before)
      writeTexts(out, step.after)
      return
    case 'insert-rows':
    case 'delete-rows':
      out.ids(step.rows)
      out.ids(step.positions)
      return
    case 'rename-column':
      out.number(step.column)
      out.text(step.before)
      out.text(step.after)
      return
    case 'insert-column':
    case 'drop-column':
      out.number(step.column)
      out.number(step.position)
      out.text(step.header)
      return
    case 'reshape-rows':
      out.ids(step.rows)
      writeShapes(out, step.before)
      writeShapes(out, step.after)
  }
}

function readStep(input: BytesReader): DeltaStep {
  const kind = kinds[input.byte()]
  if (kind === undefined) throw new BytesProblem('a step of unknown kind')
  switch (kind) {
    case 'cells':
      return readCells(input)
    case 'insert-rows':
    case 'delete-rows': {
      const rows = input.ids()
      const positions = input.ids()
      if (rows.length !== positions.length) throw new BytesProblem('rows and positions differ in number')
      return { kind, rows, positions }
    }
    case 'rename-column':
      return { kind, column: input.number(), before: input.text(), after: input.text() }
    case 'insert-column':
    case 'drop-column':
      return { kind, column: input.number(), position: input.number(), header: input.text() }
    case 'reshape-rows':
      return { kind, rows: input.ids(), before: readShapes(input), after: readShapes(input) }
  }
}

function readCells(input: BytesReader): DeltaStep {
  const column = input.number()
  const rows = input.ids()
  return { kind: 'cells', column, rows, before: readTexts(input, rows.length), after: readTexts(input, rows.length) }
}

function writeTexts(out: BytesWriter, { texts, index }: CellTexts): void {
  out.number(texts.length)
  for (const text of texts) out.text(text)
  out.byte(index === null ? 0 : 1)
  if (index !== null) for (const place of index) out.number(place)
}

function readTexts(input: BytesReader, rowCount: number): CellTexts {
  const texts = Array.from({ length: input.count() }, () => input.text())
  if (input.byte() === 0) return { texts, index: null }
  const index = new Uint32Array(rowCount)
  for (let i = 0; i < rowCount; i++) {
    const place = input.number()
    if (place >= texts.length) throw new BytesProblem('a cell points beyond the texts')
    index[i] = place
  }
  return { texts, index }
}

/** 0 for a row of the header's shape, else its number of cells plus one, then the surplus texts. */
function writeShapes(out: BytesWriter, shapes: RowShapes): void {
  out.number(shapes.length)
  for (const shape of shapes) {
    out.number(shape === null ? 0 : shape.cellCount + 1)
    if (shape === null) continue
    out.number(shape.surplus.length)
    for (const text of shape.surplus) out.text(text)
  }
}

function readShapes(input: BytesReader): RowShapes {
  return Array.from({ length: input.count() }, (): RaggedRow | null => {
    const coded = input.number()
    if (coded === 0) return null
    return { cellCount: coded - 1, surplus: Array.from({ length: input.count() }, () => input.text()) }
  })
}
