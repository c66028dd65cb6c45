import { computed, watch, type Ref } from 'vue'
import type { DraftState } from '../../../../shared/contract/draft-methods.ts'
import { packageNames, type PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import type { RowCache } from '../../grid/row-cache.ts'
import { useCustomers } from '../../state/customers-store.ts'
import type { DraftStore } from '../../state/draft-store.ts'
import { packageNamed, shownText, type DraftRow } from './draft-row.ts'
import { isPackageColumn, valueListOf, type ShownColumn } from './shown-column.ts'

/** What is offered for a text that is being typed; `isUntouched`: it is still the cell's own. */
export type Suggest = (typed: string, isUntouched: boolean) => Promise<readonly string[]>

const mostOffered = 12

/** Values to choose from while a cell is typed: the customer's own first, then what stands in the draft. */
export function useSuggestions(store: DraftStore, state: Readonly<Ref<DraftState>>, cache: RowCache<DraftRow>) {
  const customers = useCustomers()
  watch(
    () => state.value.customer,
    (customer) => {
      if (customer !== null && !customers.isLoaded) void customers.refresh()
    },
    { immediate: true },
  )
  const profile = computed<CustomerProfile | undefined>(() => customers.list.find(({ name }) => name === state.value.customer)?.profile)
  const offeredPackages = computed<readonly PackageName[]>(() => {
    const inFile = packageNames.filter((name) => state.value.columns.some((column) => column.package === name))
    const bought = profile.value?.packages?.map((each) => each.package) ?? []
    return [...inFile.filter((name) => bought.includes(name)), ...inFile.filter((name) => !bought.includes(name))]
  })

  const suggestPackage: Suggest = (typed, isUntouched) => {
    const named = isUntouched ? null : packageNamed(typed, offeredPackages.value)
    const found = matching(offeredPackages.value, isUntouched ? '' : typed)
    return Promise.resolve(named === null ? found : [named, ...found.filter((name) => name !== named)])
  }

  const fromList =
    (own: readonly string[], column: number): Suggest =>
    async (typed, isUntouched) => {
      const search = isUntouched ? '' : typed
      const result = await store.distinct({ column, limit: mostOffered, ...(search === '' ? {} : { search }) })
      const inDraft = result.ok ? result.value.values.map(({ text }) => text) : []
      const all = new Set([...matching(own, search), ...inDraft])
      return [...all].filter((text) => text.trim() !== '' && text !== typed).slice(0, Math.max(mostOffered, own.length))
    }

  /** Behind the `@`: the customer's domains, then those of the rows at hand. All addresses of a large draft are not gone through for it. */
  const suggestDomain =
    (column: ShownColumn): Suggest =>
    (typed, isUntouched) => {
      const at = typed.lastIndexOf('@')
      if (isUntouched || at <= 0) return Promise.resolve([])
      const [person, begun] = [typed.slice(0, at + 1), typed.slice(at + 1).toLowerCase()]
      const known = [...(profile.value?.emailDomains ?? []), ...domainsAtHand(column)]
      const domains = new Set(known.map((domain) => domain.toLowerCase()))
      return Promise.resolve(
        [...domains]
          .filter((domain) => domain.startsWith(begun) && domain !== begun)
          .slice(0, mostOffered)
          .map((domain) => `${person}${domain}`),
      )
    }

  /** Domains of the rows that the window holds, the most frequent first. */
  function domainsAtHand(column: ShownColumn): readonly string[] {
    const counts = new Map<string, number>()
    for (const row of cache.atHand()) {
      const [, domain = ''] = /@([^@\s]+\.[^@\s]+)$/u.exec(shownText(row, column).trim()) ?? []
      if (domain !== '') counts.set(domain, (counts.get(domain) ?? 0) + 1)
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([domain]) => domain)
  }

  /** Null: the column has no values to choose from. */
  function suggestFor(column: ShownColumn): Suggest | null {
    if (isPackageColumn(column)) return suggestPackage
    const index = column.draft?.index
    if (index === undefined) return null
    switch (valueListOf(column)) {
      case 'location':
        return fromList(profile.value?.locations?.map(({ name }) => name) ?? [], index)
      case 'site':
        return fromList(profile.value?.sites ?? [], index)
      case 'email':
        return suggestDomain(column)
      case null:
        return null
    }
  }

  return { offeredPackages, suggestFor }
}

/** Those that hold the text, those that begin with it first; otherwise in their order. */
function matching<T extends string>(values: readonly T[], typed: string): readonly T[] {
  const word = typed.trim().toLowerCase()
  const holding = values.filter((value) => value.toLowerCase().includes(word))
  const begins = (value: string): boolean => value.toLowerCase().startsWith(word)
  return [...holding.filter(begins), ...holding.filter((value) => !begins(value))]
}
