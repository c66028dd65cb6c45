import { recogniseColumns } from '../catalogue/recognise.ts'
import { numbersOf } from './written-text.ts'

/** Whether two texts of a column say the same in Control Hub: phone numbers do in any order and whatever their marks. */
export function samenessOf(columnKeys: Iterable<string>): (column: string, a: string, b: string) => boolean {
  const phoneKeys = new Set(
    recogniseColumns([...columnKeys])
      .filter((column) => column.column?.value === 'phones')
      .map((column) => column.header),
  )
  return (column, a, b) => a === b || (phoneKeys.has(column) && numbersOf(a).toSorted().join() === numbersOf(b).toSorted().join())
}
