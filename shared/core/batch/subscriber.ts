import type { PackageName } from '../catalogue/packages.ts'

/**
 * A user as the provisioning store keeps it: who, with which package, and the texts of the other cells.
 * `cells` goes by column key (`columnKey`): the catalogue's name of a column, the header of an unknown one. A cell that is empty
 * is not there. Neither the email nor the package columns, nor read-only ones, are among the cells.
 */
export interface Subscriber {
  readonly email: string
  readonly package: PackageName | null
  readonly cells: Readonly<Record<string, string>>
}

export const cellOf = (subscriber: Subscriber, key: string): string =>
  Object.hasOwn(subscriber.cells, key) ? (subscriber.cells[key] ?? '') : ''

/**
 * The cells with some set; an empty text takes the cell away. Built without a prototype's help, so that a column called
 * `__proto__` is a column like any other.
 */
export function withCells(
  cells: Readonly<Record<string, string>>,
  changes: Iterable<readonly [string, string]>,
): Readonly<Record<string, string>> {
  const texts = new Map(Object.entries(cells))
  for (const [key, text] of changes) {
    if (text === '') texts.delete(key)
    else texts.set(key, text)
  }
  return Object.fromEntries(texts)
}
