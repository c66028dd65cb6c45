import { catalogue } from '../catalogue/columns.ts'
import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { recogniseColumns } from '../catalogue/recognise.ts'
import type { CustomerProfile } from '../customer/profile.ts'
import type { EditableTable } from '../table/editable-table.ts'
import { tableBuilder } from '../table/table-from-rows.ts'
import type { RowId, Table } from '../table/table.ts'
import { foldWord, type Mapping, type SourceMapping, type SourceUse } from './mapping.ts'
import { joinName, splitName } from './names.ts'

export interface SourceToMap {
  readonly table: Table
  readonly mapping: Mapping
}

/** Rows to take at most of each source: a preview takes the first few. */
export interface MapOptions {
  readonly customer?: CustomerProfile
  readonly most?: number
}

/**
 * Foreign files as one table in Control Hub's columns: names and email first, then what is mapped, in the catalogue's order, the
 * package columns, and the columns that are kept as they are. Rows follow each other, source after source. A row of a single source
 * keeps its number in the file; rows of several are numbered anew, for two files have the same numbers.
 */
export function mapTables(sources: readonly SourceToMap[], { customer, most = Infinity }: MapOptions = {}): EditableTable {
  const places = placesOf(sources, customer)
  const header = [...places.keys()].map((key) => headerOf(key, customer))
  const builder = tableBuilder(header)
  let added = 0
  for (const source of sources) {
    const read = rowReader(source, places)
    for (const row of source.table.rows.subarray(0, Math.min(most, source.table.rows.length))) {
      builder.add(read(row), sources.length === 1 ? source.table.numberOf(row) : added + 2)
      added++
    }
  }
  return builder.finish()
}

/** A column of the result: a catalogue id, or a number, `=` and the header of a column that is kept: the first of that name, the second … */
type Key = string
const kept = (header: string, nth: number): Key => `${String(nth)}=${header}`
const keptHeader = (key: Key): string | null => /^\d+=([^]*)$/u.exec(key)?.[1] ?? null

/** For each column the key under which it is kept. Two columns of one name stay two: neither is lost in the other. */
function keptKeysOf({ columns }: Mapping): readonly Key[] {
  const seen = new Map<string, number>()
  return columns.map(({ header, use }) => {
    const nth = (seen.get(header) ?? 0) + (use.kind === 'keep' ? 1 : 0)
    seen.set(header, nth)
    return kept(header, nth)
  })
}
const orderOf = new Map(catalogue.map((column, place) => [column.id, place]))
const packageIds = new Map(catalogue.flatMap(({ id, package: name }) => (name === undefined ? [] : [[name, id] as const])))

function placesOf(sources: readonly SourceToMap[], customer: CustomerProfile | undefined): ReadonlyMap<Key, number> {
  const keys = new Set<Key>()
  const keptKeys = new Set<Key>()
  for (const { mapping } of sources) {
    const keptAs = keptKeysOf(mapping)
    for (const [place, { use }] of mapping.columns.entries()) {
      if (use.kind === 'column') keys.add(use.target)
      else if (use.kind === 'keep') keptKeys.add(keptAs[place] ?? '')
      else if (use.kind === 'full-name') for (const id of ['first-name', 'last-name']) keys.add(id)
      else if (use.kind === 'package') for (const id of packageTargets(mapping, customer)) keys.add(id)
    }
    for (const { target } of mapping.constants) {
      if (target === 'package') for (const id of packageTargets(mapping, customer)) keys.add(id)
      else keys.add(target)
    }
    if (mapping.joinDisplayName) keys.add('display-name')
  }
  const ordered = [...keys].sort((a, b) => (orderOf.get(a) ?? Infinity) - (orderOf.get(b) ?? Infinity))
  return new Map([...ordered, ...keptKeys].map((key, place) => [key, place]))
}

/** The packages that the customer bought, and those that the mapping names beside them; all of them where neither is known. */
function packageTargets(mapping: Mapping, customer: CustomerProfile | undefined): readonly string[] {
  const bought = customer?.packages?.map((item) => item.package) ?? []
  const named = [
    ...mapping.columns.flatMap(({ use, values }) => (use.kind === 'package' ? values.map(({ to }) => to) : [])),
    ...mapping.constants.flatMap(({ target, text }) => (target === 'package' ? [text] : [])),
  ]
  const wanted = bought.length === 0 ? packageNames : packageNames.filter((name) => bought.includes(name) || named.includes(name))
  return wanted.flatMap((name) => packageIds.get(name) ?? [])
}

/** The customer's own header for a column where its files are known, else Control Hub's name. */
function headerOf(key: Key, customer: CustomerProfile | undefined): string {
  const own = keptHeader(key)
  if (own !== null) return own
  const customers = recogniseColumns(customer?.header ?? [], customer).find(({ column, match }) => column?.id === key && match === 'exact')
  const column = catalogue.find(({ id }) => id === key)
  const bought = column?.package === undefined ? undefined : customer?.packages?.find((item) => item.package === column.package)?.column
  return customers?.header ?? bought ?? column?.name ?? key
}

type Write = (cells: string[], text: string) => void

/** Reads a row of the source as a row of the result. What each column does is decided once, before the rows. */
function rowReader({ table, mapping }: SourceToMap, places: ReadonlyMap<Key, number>): (row: RowId) => string[] {
  const keptAs = keptKeysOf(mapping)
  const steps = mapping.columns.flatMap((column, place) => {
    const write = writerOf(column.use, keptAs[place] ?? '', places)
    const source = table.columns[table.live[place] ?? -1]
    return write === null || source === undefined ? [] : [{ source, write, textOf: textsOf(column) }]
  })
  const constants = mapping.constants.filter(({ target }) => target !== 'package')
  const everyonesPackage = mapping.constants.find(({ target }) => target === 'package')?.text ?? ''
  const packagePlaces = [...packageIds].flatMap(([name, id]) => {
    const place = places.get(id)
    return place === undefined ? [] : [{ name, place }]
  })
  const [given, family, display] = ['first-name', 'last-name', 'display-name'].map((id) => places.get(id) ?? -1)
  return (row) => {
    const cells = Array.from({ length: places.size }, () => '')
    for (const { source, write, textOf } of steps) write(cells, textOf(source.textOf(row)))
    for (const { target, text } of constants) {
      const place = places.get(target) ?? -1
      if (cells[place] === '') cells[place] = text
    }
    if (everyonesPackage !== '' && packagePlaces.every(({ place }) => cells[place] === ''))
      for (const { name, place } of packagePlaces) cells[place] = name === everyonesPackage ? 'TRUE' : 'FALSE'
    if (mapping.joinDisplayName && display !== undefined && cells[display] === '')
      cells[display] = joinName({ given: cells[given ?? -1] ?? '', family: cells[family ?? -1] ?? '' })
    return cells
  }
}

function textsOf({ values, use }: SourceMapping): (text: string) => string {
  const words = new Map(values.map(({ from, to }) => [foldWord(from), to]))
  const isPackage = use.kind === 'package'
  if (words.size === 0 && !isPackage) return (text) => text
  return (text) => words.get(foldWord(text)) ?? (isPackage ? packageIn(text) : text)
}

/** A word that the mapping does not list gives a package only where it is the package's own name. */
const packageIn = (text: string): string => packageNames.find((name) => foldWord(name) === foldWord(text)) ?? ''

function writerOf(use: SourceUse, keptAs: Key, places: ReadonlyMap<Key, number>): Write | null {
  const into = (key: Key): Write | null => {
    const place = places.get(key)
    return place === undefined
      ? null
      : (cells, text) => {
          if (cells[place] === '') cells[place] = text
        }
  }
  switch (use.kind) {
    case 'drop':
      return null
    case 'keep':
      return into(keptAs)
    case 'column':
      return into(use.target)
    case 'full-name':
      return (cells, text) => {
        const name = splitName(text, use.order)
        into('first-name')?.(cells, name.given)
        into('last-name')?.(cells, name.family)
      }
    case 'package': {
      const columns = packageNames.flatMap((name: PackageName) => {
        const place = places.get(packageIds.get(name) ?? '')
        return place === undefined ? [] : [{ name, place }]
      })
      // No word, no package: the cells stay blank, and a blank changes nothing. All FALSE would remove the user.
      return (cells, text) => {
        if (columns.some(({ name }) => name === text))
          for (const { name, place } of columns) cells[place] = name === text ? 'TRUE' : 'FALSE'
      }
    }
  }
}
