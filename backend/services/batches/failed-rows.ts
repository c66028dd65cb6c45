import { sheetFromItems } from '../../../shared/core/batch/sheet-from-items.ts'
import { subjectKey } from '../../../shared/core/batch/drift.ts'
import { tableFromRows } from '../../../shared/core/table/table-from-rows.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { Language } from '../../../shared/kit/language.ts'
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
      const file = tableFromRows([...columns.map(({ header }) => header), words[language].header], rows)
      return ok({ rows: rows.length, file: tickets.forBytes(`${batch}-failed.csv`, catchUpBytes({ table: file, columns: [] })) })
    },
  }
}

/** A reason of the ledger (`changed: Extension`) in a person's words. */
export function refusalText(reason: string, language: Language): string {
  const [code = '', rest] = reason.split(/: (.*)/su)
  const say = words[language].reasons[code]
  return say === undefined ? reason : rest === undefined ? say : `${say}: ${rest}`
}

const words: Readonly<Record<Language, { readonly header: string; readonly reasons: Readonly<Record<string, string>> }>> = {
  en: {
    header: 'Why it was refused',
    reasons: {
      missing: 'There is no such user any more',
      exists: 'The user is there already, with other data',
      changed: 'Changed by somebody else meanwhile',
      'email-taken': 'The new address belongs to another user',
      store: 'A rule of the store',
    },
  },
  nb: {
    header: 'Hvorfor det ble avvist',
    reasons: {
      missing: 'Brukeren finnes ikke lenger',
      exists: 'Brukeren finnes allerede, med andre data',
      changed: 'Endret av en annen i mellomtiden',
      'email-taken': 'Den nye adressen tilhører en annen bruker',
      store: 'En regel i lageret',
    },
  },
  da: {
    header: 'Hvorfor det blev afvist',
    reasons: {
      missing: 'Brugeren findes ikke længere',
      exists: 'Brugeren findes allerede, med andre data',
      changed: 'Ændret af en anden i mellemtiden',
      'email-taken': 'Den nye adresse tilhører en anden bruger',
      store: 'En regel i lageret',
    },
  },
}
