import { RE2JS } from 're2js'
import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { limits as standardLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { applyDelta } from '../table/apply-delta.ts'
import type { EditableTable } from '../table/editable-table.ts'
import type { StoredColumn } from '../table/stored-column.ts'
import type { RowId } from '../table/table.ts'
import { cellTest, compilePattern } from '../table/views.ts'
import { invert, textAt } from './delta.ts'
import type { CellTexts, DeltaStep, TableDelta } from './delta.ts'
import type { Edit, EditProblem, Ids, StepLabel } from './edit.ts'
import { internedTexts } from './interned-texts.ts'

export interface PlannedEdit {
  /** Empty where the edit would change nothing. */
  readonly delta: TableDelta
  readonly label: StepLabel
}

type EditOf<K extends Edit['kind']> = Extract<Edit, { readonly kind: K }>

/** The whole effect of an edit on the table as it stands. Nothing is applied; `applyDelta` does that. */
export function planEdit(table: EditableTable, edit: Edit, limits: Limits = standardLimits): Result<PlannedEdit, EditProblem> {
  const problem = firstProblem(table, edit, limits)
  if (problem !== null) return err(problem)
  switch (edit.kind) {
    case 'set-cells':
      return ok(cellsPlan(table, edit.kind, cellsByColumn(edit.cells)))
    case 'paste':
      return ok(pastePlan(table, edit))
    case 'fill':
      return ok(fillPlan(table, edit))
    case 'replace':
      return replacePlan(table, edit, limits)
    case 'insert-rows': {
      const position = edit.before === null ? table.rows.length : table.rows.indexOf(edit.before)
      return ok({ delta: newRows(table, edit.rows, position, table.live), label: { kind: edit.kind, count: edit.rows.length } })
    }
    case 'duplicate-rows':
      return ok(duplicatePlan(table, edit))
    case 'delete-rows':
      return ok(deletePlan(table, edit))
    case 'pad-rows':
      return ok(padPlan(table, edit))
    case 'rename-column': {
      const before = table.columns[edit.column]!.header
      const delta: TableDelta = before === edit.header ? [] : [{ kind: 'rename-column', column: edit.column, before, after: edit.header }]
      return ok({ delta, label: { kind: edit.kind, count: delta.length, column: before, text: edit.header } })
    }
    case 'insert-column':
      return ok(insertColumnPlan(table, edit))
    case 'drop-column': {
      const { header } = table.columns[edit.column]!
      const step = { kind: 'drop-column', column: edit.column, position: table.live.indexOf(edit.column), header } as const
      return ok({ delta: [step], label: { kind: edit.kind, count: 1, column: header } })
    }
    case 'compose':
      return composePlan(table, edit, limits)
  }
}

/** Each part is planned on what the ones before leave behind; then all of it is taken back. */
function composePlan(table: EditableTable, { edits }: EditOf<'compose'>, limits: Limits): Result<PlannedEdit, EditProblem> {
  const steps: DeltaStep[] = []
  let count = 0
  let problem: EditProblem | null = null
  for (const edit of edits) {
    const planned = planEdit(table, edit, limits)
    if (!planned.ok) {
      problem = planned.error
      break
    }
    applyDelta(table, planned.value.delta)
    steps.push(...planned.value.delta)
    count += planned.value.label.count
  }
  applyDelta(table, invert(steps))
  return problem === null ? ok({ delta: steps, label: { kind: 'compose', count } }) : err(problem)
}

/** What an edit names must be there, and its texts must be such as a file can hold. */
function firstProblem(table: EditableTable, edit: Edit, limits: Limits): EditProblem | null {
  const rows = (ids: Ids | null): EditProblem | null => (ids === null ? null : deadRow(table, ids))
  const columns = (ids: Ids | null): EditProblem | null => (ids === null ? null : deadColumn(table, ids))
  const room = (count: number): EditProblem | null =>
    table.rows.length + count > limits.rows ? { reason: 'over-limit', detail: `A draft holds at most ${String(limits.rows)} rows.` } : null
  const text = (texts: Iterable<string>): EditProblem | null => badText(texts, limits)

  switch (edit.kind) {
    case 'set-cells':
      return (
        rows(edit.cells.map((cell) => cell.row)) ??
        columns(edit.cells.map((cell) => cell.column)) ??
        text(edit.cells.map((cell) => cell.text))
      )
    case 'paste':
      return (
        rows(edit.rows) ??
        columns(edit.columns) ??
        textsOfBlock(edit.texts, limits) ??
        room(edit.grow === true ? edit.texts.length - edit.rows.length : 0)
      )
    case 'fill':
      return rows(edit.rows) ?? columns(edit.columns) ?? text([edit.text])
    case 'replace':
      return edit.find === ''
        ? { reason: 'bad-pattern', detail: 'There is nothing to look for.' }
        : (rows(edit.rows) ?? columns(edit.columns))
    case 'insert-rows': {
      const tooWide = edit.rows.some((cells) => cells.length > table.live.length)
      if (tooWide)
        return { reason: 'no-such-column', detail: `A new row has more cells than the ${String(table.live.length)} columns of the draft.` }
      return rows(edit.before === null ? null : [edit.before]) ?? text(edit.rows.flat()) ?? room(edit.rows.length)
    }
    case 'duplicate-rows':
      return rows(edit.rows) ?? room(edit.rows.length)
    case 'delete-rows':
    case 'pad-rows':
      return rows(edit.rows)
    case 'rename-column':
      return columns([edit.column]) ?? text([edit.header])
    case 'insert-column':
      if (edit.position < 0 || edit.position > table.live.length)
        return { reason: 'no-such-place', detail: `There is no place ${String(edit.position)} among ${String(table.live.length)} columns.` }
      if (table.live.length >= limits.columns)
        return { reason: 'over-limit', detail: `A draft holds at most ${String(limits.columns)} columns.` }
      return text([edit.header, edit.text ?? ''])
    case 'drop-column':
      return columns([edit.column])
    case 'compose':
      return null
  }
}

function deadRow(table: EditableTable, ids: Ids): EditProblem | null {
  for (let i = 0; i < ids.length; i++) {
    if (!table.isAlive(ids[i]!)) return { reason: 'no-such-row', detail: 'The row is no longer in the draft: it was taken out meanwhile.' }
  }
  return null
}

function deadColumn(table: EditableTable, ids: Ids): EditProblem | null {
  for (let i = 0; i < ids.length; i++) {
    if (!table.live.includes(ids[i]!))
      return { reason: 'no-such-column', detail: `The draft has no column with the index ${String(ids[i])}.` }
  }
  return null
}

function textsOfBlock(texts: EditOf<'paste'>['texts'], limits: Limits): EditProblem | null {
  for (const line of texts) {
    for (const text of line) {
      const problem = text === null ? null : badText([text], limits)
      if (problem !== null) return problem
    }
  }
  return null
}

/** A NUL byte or half a surrogate pair could not be read back from a file. */
function badText(texts: Iterable<string>, limits: Limits): EditProblem | null {
  for (const text of texts) {
    if (text.length > limits.cellCharacters)
      return { reason: 'over-limit', detail: `A cell holds at most ${String(limits.cellCharacters)} characters.` }
    if (text.includes('\0')) return { reason: 'bad-text', detail: 'A text holds a NUL character.' }
    if (!text.isWellFormed()) return { reason: 'bad-text', detail: 'A text holds half of a character (a lone surrogate).' }
  }
  return null
}

type CellsOfColumns = ReadonlyMap<number, { readonly rows: Uint32Array; readonly after: CellTexts }>

function cellsPlan(table: EditableTable, kind: Edit['kind'], cells: CellsOfColumns): PlannedEdit {
  const steps = [...cells].flatMap(([column, { rows, after }]) => cellsStep(table.columns[column]!, column, rows, after))
  return { delta: steps, label: cellsLabel(table, kind, steps) }
}

function cellsLabel(table: EditableTable, kind: Edit['kind'], steps: readonly CellsStep[]): StepLabel {
  const count = steps.reduce((sum, step) => sum + step.rows.length, 0)
  const [first] = steps
  const isOneColumn = first !== undefined && steps.every((step) => step.column === first.column)
  const isOneText =
    first !== undefined && steps.every((step) => step.after.texts.length === 1 && step.after.texts[0] === first.after.texts[0])
  return {
    kind,
    count,
    ...(isOneColumn ? { column: table.columns[first.column]!.header } : {}),
    ...(isOneText ? { text: first.after.texts[0]! } : {}),
  }
}

type CellsStep = Extract<DeltaStep, { readonly kind: 'cells' }>

/** The step of one column, without the cells that have their text already. None where nothing is left. */
function cellsStep(column: StoredColumn, index: number, rows: Uint32Array, after: CellTexts): CellsStep[] {
  const changed = new Uint32Array(rows.length)
  let count = 0
  // Whether a text is another one is asked once per pair of code and text.
  const isOther = otherTextTest(column, after)
  for (let i = 0; i < rows.length; i++) if (isOther(rows[i]!, i)) changed[count++] = i
  if (count === 0) return []
  const places = changed.subarray(0, count)
  const changedRows = count === rows.length ? rows.slice() : places.map((place) => rows[place]!)
  const changedAfter = count === rows.length ? after : textsAt(after, places)
  return [{ kind: 'cells', column: index, rows: changedRows, before: column.textsOf(changedRows), after: changedAfter }]
}

function otherTextTest(column: StoredColumn, after: CellTexts): (row: RowId, i: number) => boolean {
  if (!column.coded || after.index !== null) return (row, i) => column.textOf(row) !== textAt(after, i)
  const text = after.texts[0] ?? ''
  const answers = new Int8Array(column.codeCount)
  return (row) => {
    const code = column.codeOf(row)
    let answer = answers[code]!
    if (answer === 0) answer = answers[code] = column.textOfCode(code) === text ? 1 : 2
    return answer === 2
  }
}

function textsAt(cells: CellTexts, places: Uint32Array): CellTexts {
  if (cells.index === null) return cells
  return internedTexts(places.length, (i) => textAt(cells, places[i]!))
}

function cellsByColumn(cells: EditOf<'set-cells'>['cells']): CellsOfColumns {
  const byColumn = new Map<number, Map<RowId, string>>()
  for (const { row, column, text } of cells) {
    let texts = byColumn.get(column)
    if (texts === undefined) byColumn.set(column, (texts = new Map<number, string>()))
    texts.set(row, text)
  }
  return new Map([...byColumn].map(([column, texts]) => [column, columnCells(texts)]))
}

function columnCells(texts: ReadonlyMap<RowId, string>): { rows: Uint32Array; after: CellTexts } {
  const values = [...texts.values()]
  return { rows: Uint32Array.from(texts.keys()), after: internedTexts(values.length, (i) => values[i]!) }
}

/** The ids in their order, each once. */
function uniqueRows(table: EditableTable, ids: Ids): Uint32Array {
  const met = new Uint8Array(table.rowLimit)
  const unique = new Uint32Array(ids.length)
  let count = 0
  for (let i = 0; i < ids.length; i++) {
    const row = ids[i]!
    if (met[row] === 1) continue
    met[row] = 1
    unique[count++] = row
  }
  return unique.slice(0, count)
}

function fillPlan(table: EditableTable, { kind, rows, columns, text }: EditOf<'fill'>): PlannedEdit {
  const unique = uniqueRows(table, rows)
  const after: CellTexts = { texts: [text], index: null }
  return cellsPlan(table, kind, new Map(Array.from(columns, (column) => [column, { rows: unique, after }])))
}

function pastePlan(table: EditableTable, edit: EditOf<'paste'>): PlannedEdit {
  const { texts, rows, columns } = edit
  const height = texts.length
  /** What is put into the row at a place; null: nothing. */
  const textFor = (i: number, j: number): string | null => {
    const line = texts[i % height]!
    const text = line.length === 0 ? '' : (line[j % line.length] ?? null)
    return text === '' && edit.exceptBlank === true ? null : text
  }
  const count = height === 0 ? 0 : rows.length
  const isEachOnce = uniqueRows(table, rows).length === rows.length
  const byColumn = new Map<number, { rows: Uint32Array; after: CellTexts }>()
  for (let j = 0; j < columns.length; j++)
    byColumn.set(columns[j]!, isEachOnce ? blockCells(rows, count, (i) => textFor(i, j)) : lastCells(rows, count, (i) => textFor(i, j)))
  const plan = cellsPlan(table, edit.kind, byColumn)
  if (edit.grow !== true || height <= rows.length) return plan
  const surplus = texts.slice(rows.length).map((line) => line.map((text) => text ?? ''))
  const added = newRows(table, surplus, table.rows.length, Array.from(columns))
  const all = plan.label.count + surplus.reduce((sum, line) => sum + Math.min(line.length, columns.length), 0)
  return { delta: [...plan.delta, ...added], label: { kind: edit.kind, count: all } }
}

/** The cells of a column that get a text, each row once. */
function blockCells(rows: Ids, count: number, textFor: (i: number) => string | null): { rows: Uint32Array; after: CellTexts } {
  const texts: string[] = []
  const places = new Map<string, number>()
  const found = new Uint32Array(count)
  const index = new Uint32Array(count)
  let length = 0
  for (let i = 0; i < count; i++) {
    const text = textFor(i)
    if (text === null) continue
    let place = places.get(text)
    if (place === undefined) places.set(text, (place = texts.push(text) - 1))
    found[length] = rows[i]!
    index[length++] = place
  }
  return { rows: found.slice(0, length), after: { texts, index: texts.length <= 1 ? null : index.slice(0, length) } }
}

/** The same where a row may be named twice: the later text counts. */
function lastCells(rows: Ids, count: number, textFor: (i: number) => string | null): { rows: Uint32Array; after: CellTexts } {
  const cells = new Map<RowId, string>()
  for (let i = 0; i < count; i++) {
    const text = textFor(i)
    if (text !== null) cells.set(rows[i]!, text)
  }
  return columnCells(cells)
}

function replacePlan(table: EditableTable, edit: EditOf<'replace'>, limits: Limits): Result<PlannedEdit, EditProblem> {
  const test = cellTest({ ...edit, text: edit.find })
  if (!test.ok) return err({ reason: 'bad-pattern', detail: test.error.detail })
  const replaced = replacer(edit)
  const rows = edit.rows === null ? table.rows : uniqueRows(table, edit.rows)
  const cells = new Map<number, { rows: Uint32Array; after: CellTexts }>()
  for (const index of edit.columns === null ? table.live : Array.from(edit.columns)) {
    const column = table.columns[index]!
    const known = new Map<string, string>()
    const found: RowId[] = []
    const texts: string[] = []
    const textFor = (text: string): string => {
      let result = known.get(text)
      if (result === undefined) known.set(text, (result = test.value(text) ? replaced(text) : text))
      return result
    }
    for (const row of rows) {
      const text = column.textOf(row)
      const result = column.coded ? textFor(text) : test.value(text) ? replaced(text) : text
      if (result === text) continue
      found.push(row)
      texts.push(result)
    }
    const after = internedTexts(texts.length, (i) => texts[i]!)
    const problem = badText(after.texts, limits)
    if (problem !== null) return err(problem)
    if (found.length > 0) cells.set(index, { rows: Uint32Array.from(found), after })
  }
  return ok(cellsPlan(table, edit.kind, cells))
}

function replacer({ find, replace, matchCase, wholeCell, regex }: EditOf<'replace'>): (text: string) => string {
  if (!regex && wholeCell) return () => replace
  if (!regex && matchCase) return (text) => text.replaceAll(find, () => replace)
  const pattern = compilePattern(regex ? (wholeCell ? `^(?:${find})$` : find) : RE2JS.quote(find), matchCase)
  if (!pattern.ok) return (text) => text
  const by = regex ? replace : () => replace
  return (text) => pattern.value.matcher(text).replaceAll(by)
}

/** New rows at a position, with texts for the columns named. */
function newRows(table: EditableTable, lines: readonly (readonly string[])[], position: number, columns: readonly number[]): TableDelta {
  if (lines.length === 0) return []
  const rows = Uint32Array.from(lines, (_, i) => table.rowLimit + i)
  const positions = Uint32Array.from(lines, (_, i) => position + i)
  const steps: DeltaStep[] = [{ kind: 'insert-rows', rows, positions }]
  columns.forEach((column, j) => {
    const step = firstTexts(column, rows, (i) => lines[i]![j] ?? '')
    if (step !== null) steps.push(step)
  })
  return steps
}

/** The step that gives new rows, whose cells are empty, their texts. */
function firstTexts(column: number, rows: Uint32Array, textOf: (i: number) => string): DeltaStep | null {
  const places = Uint32Array.from(rows.keys()).filter((i) => textOf(i) !== '')
  if (places.length === 0) return null
  return {
    kind: 'cells',
    column,
    rows: Uint32Array.from(places, (place) => rows[place]!),
    before: { texts: [''], index: null },
    after: internedTexts(places.length, (i) => textOf(places[i]!)),
  }
}

/** Rows in the order in which they stand, each once, and their positions. */
function standing(table: EditableTable, ids: Ids): { rows: Uint32Array; positions: Uint32Array } {
  if (ids.length === 1) return { rows: Uint32Array.of(ids[0]!), positions: Uint32Array.of(table.rows.indexOf(ids[0]!)) }
  const wanted = new Uint8Array(table.rowLimit)
  for (let i = 0; i < ids.length; i++) wanted[ids[i]!] = 1
  const positions = Uint32Array.from(table.rows.keys()).filter((position) => wanted[table.rows[position]!] === 1)
  return { rows: positions.map((position) => table.rows[position]!), positions }
}

function duplicatePlan(table: EditableTable, edit: EditOf<'duplicate-rows'>): PlannedEdit {
  const originals = standing(table, edit.rows)
  const count = originals.rows.length
  if (count === 0) return { delta: [], label: { kind: edit.kind, count } }
  const rows = originals.rows.map((_, i) => table.rowLimit + i)
  const positions = originals.positions.map((position, i) => position + i + 1)
  const steps: DeltaStep[] = [{ kind: 'insert-rows', rows, positions }]
  for (const column of table.live) {
    const step = firstTexts(column, rows, (i) => table.columns[column]!.textOf(originals.rows[i]!))
    if (step !== null) steps.push(step)
  }
  const ragged = [...rows.keys()].filter((i) => table.ragged.has(originals.rows[i]!))
  if (ragged.length > 0) {
    const after = ragged.map((i) => table.ragged.get(originals.rows[i]!)!)
    steps.push({ kind: 'reshape-rows', rows: Uint32Array.from(ragged, (i) => rows[i]!), before: after.map(() => null), after })
  }
  return { delta: steps, label: { kind: edit.kind, count } }
}

function deletePlan(table: EditableTable, edit: EditOf<'delete-rows'>): PlannedEdit {
  const { rows, positions } = standing(table, edit.rows)
  const delta: TableDelta = rows.length === 0 ? [] : [{ kind: 'delete-rows', rows, positions }]
  return { delta, label: { kind: edit.kind, count: rows.length } }
}

function padPlan(table: EditableTable, edit: EditOf<'pad-rows'>): PlannedEdit {
  const rows = uniqueRows(table, edit.rows).filter((row) => table.ragged.has(row))
  const before = Array.from(rows, (row) => table.ragged.get(row)!)
  const delta: TableDelta = rows.length === 0 ? [] : [{ kind: 'reshape-rows', rows, before, after: before.map(() => null) }]
  return { delta, label: { kind: edit.kind, count: rows.length } }
}

function insertColumnPlan(table: EditableTable, { kind, position, header, text = '' }: EditOf<'insert-column'>): PlannedEdit {
  const column = table.columns.length
  const steps: DeltaStep[] = [{ kind: 'insert-column', column, position, header }]
  if (text !== '' && table.rows.length > 0) {
    const before: CellTexts = { texts: [''], index: null }
    steps.push({ kind: 'cells', column, rows: table.rows.slice(), before, after: { texts: [text], index: null } })
  }
  return { delta: steps, label: { kind, count: 1, column: header, ...(text === '' ? {} : { text }) } }
}
