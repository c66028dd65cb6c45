import type { RecognisedColumn } from '../catalogue/column.ts'
import { isClear } from '../diff/cell-meaning.ts'
import { CellMark } from '../table/cell-mark.ts'
import { rowsNotPassing, withoutFlags, type BytesTest } from '../table/plain-cells.ts'
import { StoredColumn } from '../table/stored-column.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { codeFinder, rowSlices, sliceLength } from './coded-rows.ts'
import { packageSets, RowFlag, type CheckContext } from './context.ts'
import { severities, type FindingsOfKind } from './finding-store.ts'
import type { ShapeCondition, ShapeFamily } from './rule.ts'
import { shapeFamilies } from './ruleset.ts'
import { levelOf, type Run } from './run.ts'

/** A rule of a family at work. */
interface ShapeRun {
  readonly number: number
  readonly condition: ShapeCondition
  readonly onRemovals: boolean
  /** By set of packages: its level, or `notMeant`. */
  readonly levels: Uint8Array
}
const notMeant = 255

/** Where packages do not count, by level. */
const levelsOfAll = severities.map((_, level) => new Uint8Array(packageSets).fill(level))

function levelsOf({ applies, severityFor }: ShapeCondition, usual: number): Uint8Array {
  const levels = levelsOfAll[usual]!
  if (applies === undefined && severityFor === undefined) return levels
  return levels.map((_, packages) => {
    if (applies?.(packages) === false) return notMeant
    return severityFor === undefined ? usual : levelOf(severityFor(packages))
  })
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
    const atWork = applying.map((one) => (one.family.onRemovals?.(recognised, users) === true ? onRemovalsToo(one) : one))
    return atWork.length === 0 ? [] : [{ recognised, families: atWork }]
  })
}

const onRemovalsToo = ({ family, chain }: FamilyRun): FamilyRun => ({
  family,
  chain: chain.map(({ condition, wanted }) => ({ condition, wanted: wanted === null ? null : { ...wanted, onRemovals: true } })),
})

function familyRun(run: Run, family: ShapeFamily): FamilyRun[] {
  const wanted = family.rules.flatMap((rule): ShapeRun[] => {
    const number = run.numberOf.get(rule)!
    const { condition } = rule
    if (run.active[number] !== true || condition.kind !== 'shape') return []
    return [{ number, condition, onRemovals: rule.onRemovals === true, levels: levelsOf(condition, levelOf(rule.severity[0])) }]
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
  if (column.coded && context.rows.length >= column.codeCount) {
    checkCodes(run, recognised, column, hitsOf, soundCodes(context, families, recognised, column))
    return
  }
  const emit = hitsEmitter(run, recognised.index)
  // Here and in all walks over rows: an iterator makes an object a row until the compiler knows better, and that is late for one pass.
  const rows = column.coded ? context.rows : oddRows(context, families, recognised, column)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const hits = hitsOf(column.textOf(row))
    if (hits.length > 0) emit(row, hits)
  }
}

function checkCodes(
  run: Run,
  recognised: RecognisedColumn,
  column: TableColumn,
  hitsOf: (text: string) => readonly ShapeRun[],
  isSound: (code: number) => boolean,
): void {
  const { context, store } = run
  const hitsOfCode = Array.from({ length: column.codeCount }, (_, code) => (isSound(code) ? nothing : hitsOf(column.textOfCode(code))))
  const isHit = Uint8Array.from(hitsOfCode, (hits) => (hits.length > 0 ? 1 : 0))
  if (!isHit.includes(1)) return
  const rulesHit = [...new Set(hitsOfCode.flat())].map((hit) => ({
    ...hit,
    isHit: Uint8Array.from(hitsOfCode, (hits) => (hits.includes(hit) ? 1 : 0)),
    levelsInUse: severities.flatMap((_, level) => (hit.levels.includes(level) ? [level] : [])),
  }))
  const find = codeFinder(column, isHit)
  const most = sliceLength(context.rows)
  const found = new Uint32Array(most)
  const hitRows = new Int32Array(most)
  const hitCodes = new Int32Array(most)
  const ofLevel = new Int32Array(most)
  for (const slice of rowSlices(context.rows)) {
    const count = find(slice, found)
    if (count === 0) continue
    gather(column, slice.rows, found, count, hitRows, hitCodes)
    for (const rule of rulesHit) {
      for (const level of rule.levelsInUse) {
        const kept = keepLevel(context, rule, level, hitRows, hitCodes, count, ofLevel)
        if (kept > 0) store.of(rule.number, level, recognised.index).addMany(ofLevel, null, kept)
      }
    }
  }
}

// Loops of their own: an inner loop that is compiled while it runs is left for slower code at its end, once a slice.

function gather(
  column: TableColumn,
  rows: Uint32Array,
  places: Uint32Array,
  count: number,
  hitRows: Int32Array,
  hitCodes: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = rows[places[i]!]!
    hitRows[i] = row
    hitCodes[i] = column.codeOf(row)
  }
}

/** Puts those of some rows into `kept` to which a rule objects on this level, and gives their count. */
function keepLevel(
  { flags, packages }: CheckContext,
  { isHit, levels, onRemovals }: { readonly isHit: Uint8Array; readonly levels: Uint8Array; readonly onRemovals: boolean },
  level: number,
  rows: Int32Array,
  codes: Int32Array,
  count: number,
  kept: Int32Array,
): number {
  const spared = onRemovals ? 0 : RowFlag.removal
  let many = 0
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    if (isHit[codes[i]!] === 1 && levels[packages[row]!] === level && (flags[row]! & spared) === 0) kept[many++] = row
  }
  return many
}

/** So few are read sooner than the tests of their bytes are made. */
const fewTexts = 256

/** Tells from the bytes of a code's text that no family objects to it: most texts are never decoded. */
function soundCodes(
  context: CheckContext,
  families: readonly FamilyRun[],
  recognised: RecognisedColumn,
  column: TableColumn,
): (code: number) => boolean {
  if (!(column instanceof StoredColumn) || column.cells.kind !== 'coded' || column.codeCount < fewTexts) return () => false
  const { flags, tests, isTold } = soundTests(context, families, recognised)
  if (!isTold) return () => false
  const withEmpty = families.some(({ family }) => family.seesBlank === true)
  const passes = allOf(flags, tests)
  const { store, cells } = column
  const { starts, lengths } = cells.dictionary
  return (code) => {
    const length = lengths[code]!
    if (length === 0) return !withEmpty
    const start = starts[code]!
    return start < store.base ? passes(store.source, start, start + length) : passes(store.arena, start - store.base, start - store.base + length) // prettier-ignore
  }
}

function hitsOfFamily({ family, chain }: FamilyRun, raw: string, recognised: RecognisedColumn, context: CheckContext): readonly ShapeRun[] {
  if (family.isSound?.(raw) === true) return nothing
  let text = family.reads === 'raw' ? raw : raw.trim()
  // The token itself is sound text; spaces around it are as stray as elsewhere.
  if (family.reads === 'trimmed' && text !== '' && isClear(text)) text = ''
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
  const { flags, packages } = context
  /** By rule and level: where its findings go. */
  const kinds: (FindingsOfKind | undefined)[] = []
  return (row, hits) => {
    const isRemoval = (flags[row]! & RowFlag.removal) !== 0
    for (let i = 0; i < hits.length; i++) {
      const { number, onRemovals, levels } = hits[i]!
      if (isRemoval && !onRemovals) continue
      const level = levels[packages[row]!]!
      if (level !== notMeant) (kinds[number * severities.length + level] ??= store.of(number, level, column)).add(row, 0)
    }
  }
}

interface SoundTests {
  /** No bit of `CellFlag` of these may be set. */
  readonly flags: number
  readonly tests: readonly BytesTest[]
  /** Every family can be answered for by the bytes. */
  readonly isTold: boolean
  /** What the mark of a cell must have to say the same; null where marks say too little. */
  readonly sound: number | null
}

function soundTests(context: CheckContext, families: readonly FamilyRun[], recognised: RecognisedColumn): SoundTests {
  let flags = 0
  let isTold = true
  let sound: number | null = CellMark.isKnown
  const tests: BytesTest[] = []
  for (const { family } of families) {
    const ofFamily = family.flags?.(recognised)
    const { isSoundBytes, soundMark } = family
    if (ofFamily !== undefined) {
      flags |= ofFamily
      continue
    }
    sound = soundMark === undefined || sound === null ? null : sound | soundMark
    if (isSoundBytes === undefined) isTold = false
    else tests.push((bytes, start, end) => isSoundBytes(bytes, start, end, context))
  }
  return { flags, tests, isTold, sound }
}

function allOf(flags: number, tests: readonly BytesTest[]): BytesTest {
  const all = flags === 0 ? tests : [...tests, withoutFlags(flags)]
  const [only, second] = all
  return only !== undefined && second === undefined ? only : (bytes, start, end) => all.every((test) => test(bytes, start, end))
}

/** The rows of a column without codes whose cell must be read to be judged. */
function oddRows(context: CheckContext, families: readonly FamilyRun[], recognised: RecognisedColumn, column: TableColumn): Uint32Array {
  const { rows } = context
  const withEmpty = families.some(({ family }) => family.seesBlank === true)
  if (!(column instanceof StoredColumn)) return rows.filter((row) => !column.isEmpty(row) || withEmpty)
  const { flags, tests, isTold, sound } = soundTests(context, families, recognised)
  if (!isTold) return withEmpty ? rows : rows.filter((row) => !column.isEmpty(row))
  return rowsNotPassing(column, rows, allOf(flags, tests), withEmpty, sound === null ? null : { sound, odd: flags })
}
