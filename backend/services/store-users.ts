import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { tableFromSubscribers } from '../../shared/core/batch/subscribers-from-table.ts'
import type { SourceFacts } from '../../shared/core/csv/source-facts.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { OpenStores } from './batches/open-stores.ts'
import { recogniseTable } from './files/read-table.ts'
import { storeError } from './problems.ts'
import type { OpenedFile } from './services.ts'

/** A customer's users as the store holds them, as a table to compare with. */
export interface StoreUsers {
  /** Null where the store does not know the customer. */
  sheet(customer: CustomerProfile, store: string | undefined): Promise<Result<OpenedFile | null, AppError>>
}

export function createStoreUsers(stores: OpenStores): StoreUsers {
  return {
    async sheet(customer, url) {
      const store = await stores.find(url)
      if (!store.ok) return store
      if (store.value === null) return ok(null)
      const users = await store.value.subscribers(customer.name)
      if (!users.ok) return err(storeError(users.error))
      if (users.value === null) return ok(null)
      const { table } = tableFromSubscribers(users.value)
      return ok({ facts: storeFacts(customer.name), table, columns: recogniseTable(table, customer) })
    },
  }
}

const storeFacts = (customer: string): SourceFacts => ({
  name: customer,
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  bom: false,
  lineEnding: 'crlf',
  headerRow: 1,
  emptyLines: 0,
  notices: [],
})
