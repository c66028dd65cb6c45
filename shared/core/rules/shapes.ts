import type { RecognisedColumn } from '../catalogue/column.ts'
import { isClear } from '../diff/cell-meaning.ts'
import { CellMark } from '../table/cell-mark.ts'
import { rowsNotPassing, withoutFlags, type BytesTest } from '../table/plain-cells.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { movableUser, RowFlag, type CheckContext } from './context.ts'
import type { ShapeCondition, ShapeFamily } from './rule.ts'
import { shapeFamilies } from './ruleset.ts'
import { levelOf, type Run } from './run.ts'

/** A rule of a family at work. */
interface ShapeRun {
  readonly number: number
  readonly condition: ShapeCondition
  readonly onRemovals: boolean
  readonly level: number
}

interface FamilyRun {
  readonly family: ShapeFamily
  readonly chain: readonly { readonly condition: ShapeCondition; readonly wanted: ShapeRun | null }[]
}

/** A column with the families that look at its cells. */
interface ColumnShapes {
  readonly recognised: RecognisedColumn
  readonly families: readonly FamilyRun[]
}

/** What the rules of shapes look at, worked out once for all checks with these rules and columns. */
export function shapesOf(run: Run): readonly ColumnShapes[] {
  const families = shapeFamilies.flatMap((family) => familyRun(run, family))
  const { columns, users } = run.context
  return columns.flatMap((recognised): ColumnShapes[] => {
    const applying = families.filter(({ family }) => family.appliesTo(recognised, users))
    return applying.length === 0 ? [] : [{ recognised, families: applying }]
  })
}

function familyRun(run: Run, family: ShapeFamily): FamilyRun[] {
  const wanted = family.rules.flatMap((rule): ShapeRun[] => {
    const number = run.numberOf.get(rule)!
    if (run.active[number] !== true || rule.condition.kind !== 'shape') return []
    return [{ number, condition: rule.condition, onRemovals: rule.onRemovals === true, level: levelOf(rule.severity[0]) }]
  })
  if (wanted.length === 0) return []
  // Of a chain, rules that are not wanted still take their place, so that filtering never makes another rule fire.
  const chain = family.isChain
    ? family.rules.map((rule) => ({
        condition: rule.condition as ShapeCondition,
        wanted: wanted.find((one) => one.number === run.numberOf.get(rule)) ?? null,
      }))
    : wanted.map((one) => ({ condition: one.condition, wanted: one }))
  return [{ family, chain }]
}

/**
 * Runs every rule that looks at one cell, column by column: once per distinct text where the column is coded, else only where the bytes
 * of the cell are odd to some family. All families share one walk over a column.
 */
export function runShapes(run: Run, shapes: readonly ColumnShapes[]): void {
  for (const { recognised, families } of shapes) checkColumn(run, recognised, families)
}

const nothing: readonly ShapeRun[] = []

function checkColumn(run: Run, recognised: RecognisedColumn, families: readonly FamilyRun[]): void {
  const { context } = run
  const column = context.table.columns[recognised.index]!
  const hitsOf = (text: string): readonly ShapeRun[] => {
    let hits = nothing
    for (const one of families) {
      const ofFamily = hitsOfFamily(one, text, recognised, context)
      if (ofFamily.length > 0) hits = hits.length === 0 ? ofFamily : [...hits, ...ofFamily]
    }
    return hits
  }
  const emit = hitsEmitter(run, recognised.index)
  if (column.coded && context.rows.length >= column.codeCount) {
    const hitsOfCode = Array.from({ length: column.codeCount }, (_, code) => hitsOf(column.textOfCode(code)))
    const isHit = Uint8Array.from(hitsOfCode, (hits) => (hits.length > 0 ? 1 : 0))
    if (!isHit.includes(1)) return
    const hit = rowsWithCodes(column, context.rows, isHit)
    for (let i = 0; i < hit.length; i++) emit(hit[i]!, hitsOfCode[column.codeOf(hit[i]!)]!)
    return
  }
  // Here and in all walks over rows: an iterator makes an object a row until the compiler knows better, and that is late for one pass.
  const rows = column.coded ? context.rows : oddRows(context, families, recognised, column)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const hits = hitsOf(column.textOf(row))
    if (hits.length > 0) emit(row, hits)
  }
}

function hitsOfFamily({ family, chain }: FamilyRun, raw: string, recognised: RecognisedColumn, context: CheckContext): readonly ShapeRun[] {
  if (family.isSound?.(raw) === true) return nothing
  let text = family.reads === 'raw' ? raw : raw.trim()
  if (text !== '' && isClear(text)) text = ''
  if (text === '' && family.seesBlank !== true) return nothing
  let hits: ShapeRun[] | null = null
  for (const { condition, wanted } of chain) {
    if (!condition.holds(text, recognised, context)) continue
    if (wanted !== null) (hits ??= []).push(wanted)
    if (family.isChain) break
  }
  return hits ?? nothing
}

/** Puts down the findings of a cell, where the user that it belongs to does not make them void. */
function hitsEmitter({ context, store }: Run, column: number): (row: RowId, hits: readonly ShapeRun[]) => void {
  const user = movableUser(context)
  return (row, hits) => {
    const isRemoval = (context.flags[row]! & RowFlag.removal) !== 0
    for (let i = 0; i < hits.length; i++) {
      const { number, condition, onRemovals, level } = hits[i]!
      if (isRemoval && !onRemovals) continue
      if (condition.applies === undefined && condition.severityFor === undefined) {
        store.add(number, level, row, column, 0)
        continue
      }
      user.moveTo(row)
      if (condition.applies?.(user) === false) continue
      store.add(number, condition.severityFor === undefined ? level : levelOf(condition.severityFor(user)), row, column, 0)
    }
  }
}

function rowsWithCodes(column: TableColumn, rows: Uint32Array, isWanted: Uint8Array): Uint32Array {
  if (!(column instanceof StoredColumn) || column.cells.kind !== 'coded') return rows.filter((row) => isWanted[column.codeOf(row)] === 1)
  const { codes } = column.cells
  const found = new Uint32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (isWanted[codes[row]!] === 1) found[count++] = row
  }
  return found.subarray(0, count)
}

/** The rows of a column without codes whose cell must be read to be judged. */
function oddRows(context: CheckContext, families: readonly FamilyRun[], recognised: RecognisedColumn, column: TableColumn): Uint32Array {
  const { rows } = context
  const withEmpty = families.some(({ family }) => family.seesBlank === true)
  if (!(column instanceof StoredColumn)) return rows.filter((row) => !column.isEmpty(row) || withEmpty)
  let flags = 0
  let sound = CellMark.isKnown as number
  let canBeTold = true
  const tests: BytesTest[] = []
  for (const { family } of families) {
    const ofFamily = family.flags?.(recognised)
    const { isSoundBytes } = family
    if (ofFamily === undefined && family.soundMark === undefined) canBeTold = false
    else if (ofFamily === undefined) sound |= family.soundMark!
    if (ofFamily !== undefined) flags |= ofFamily
    else if (isSoundBytes !== undefined) tests.push((bytes, start, end) => isSoundBytes(bytes, start, end, context))
    else return withEmpty ? rows : rows.filter((row) => !column.isEmpty(row))
  }
  if (flags !== 0) tests.push(withoutFlags(flags))
  const [only, second] = tests
  const passes: BytesTest =
    only !== undefined && second === undefined ? only : (bytes, start, end) => tests.every((test) => test(bytes, start, end))
  return rowsNotPassing(column, rows, passes, withEmpty, canBeTold ? { sound, odd: flags } : null)
}
