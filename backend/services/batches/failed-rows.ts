import { sheetFromItems } from '../../../shared/core/batch/sheet-from-items.ts'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import { refusalHeader, refusalText } from '../../../shared/core/report/refusal-text.ts'
import { tableFromRows } from '../../../shared/core/table/table-from-rows.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { Customers } from '../customers.ts'
import { storeError } from '../problems.ts'
import type { Tickets } from '../tickets.ts'
import type { Batches } from './batches.ts'
import { catchUpBytes } from './reconcile-batch.ts'

export type FailedRowsMethods = Pick<Api<Methods>, 'batches.failedRows'>

/**
 * What the store refused, as a file in the batch's own header with the reason in a column of its own: to be corrected and submitted
 * again. Not of a batch for the store alone: a fresh export is taken over instead. The reason's column is none that Control Hub knows; reading it in keeps it and changes nothing by it.
 */
export function failedRowsMethods(
  batches: Pick<Batches, 'read'>,
  customers: Pick<Customers, 'find'>,
  tickets: Pick<Tickets, 'forBytes'>,
): FailedRowsMethods {
  return {
    async 'batches.failedRows'({ batch, language }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      // Submitted again they would lead to Control Hub, which is as this batch says already.
      if (content.storeOnly === true) return err({ code: 'guard/store-only', batch })
      const ledger = await read.store.ledger(batch)
      if (!ledger.ok) return err(storeError(ledger.error, batch))
      const refused = new Map(ledger.value.filter(({ outcome }) => outcome === 'refused').map((row) => [row.number, row]))
      const items = content.items.filter(({ number }) => refused.has(number))
      const present = await read.store.present(content.customer, [...new Set(items.map(subjectKey))])
      if (!present.ok) return err(storeError(present.error, batch))
      const known = await customers.find(content.customer)
      if (!known.ok) return known
      const customer = known.value
      const { table } = sheetFromItems(content, items, (key) => present.value?.get(key) ?? null, customer ?? undefined)
      const columns = table.live.flatMap((index) => table.columns[index] ?? [])
      const rows = [...table.rows].map((row, place) => [
        ...columns.map((column) => column.textOf(row)),
        refusalText(refused.get(items[place]?.number ?? -1)?.reason ?? '', language),
      ])
      const file = tableFromRows([...columns.map(({ header }) => header), refusalHeader[language]], rows)
      return ok({ rows: rows.length, file: tickets.forBytes(`${batch}-failed.csv`, catchUpBytes({ table: file, columns: [] })) })
    },
  }
}
