import { computed, shallowRef } from 'vue'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../../shared/contract/draft-methods.ts'
import type { MappingProposal, ProposedColumn } from '../../../../shared/contract/mapping-methods.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import { guessValues } from '../../../../shared/core/mapping/guess-mapping.ts'
import { foldWord, type GuessedBy, type Mapping, type SourceUse } from '../../../../shared/core/mapping/mapping.ts'
import { useApi } from '../../state/api.ts'
import type { FileAndSheet } from '../../state/file-opening.ts'

/** A column of the step: what the backend proposed, and what the person made of it. */
export interface MappedColumn extends Omit<ProposedColumn, 'by'> {
  readonly by: GuessedBy | 'person'
}

/** A file or sheet of the step, with its mapping as it stands. */
export interface MappedSource extends Omit<MappingProposal, 'columns'> {
  readonly ticket: FileTicket
  readonly columns: readonly MappedColumn[]
}

export const mappingOf = ({ columns, constants, joinDisplayName }: MappedSource): Mapping => ({
  columns: columns.map(({ header, use, values }) => ({ header, use, values })),
  constants,
  joinDisplayName,
})

/** The state of the mapping step: several sources, one of them in front. Every change is a new source value. */
export function useMapping(customer: () => string | null, profile: () => CustomerProfile | undefined) {
  const api = useApi()
  const sources = shallowRef<readonly MappedSource[]>([])
  const at = shallowRef(0)
  const failure = shallowRef<AppError | null>(null)
  const source = computed(() => sources.value[at.value] ?? null)

  const asCustomer = () => {
    const name = customer()
    return name === null ? {} : { customer: name }
  }

  /** Files one behind the other. One that cannot be read is said to be so, and keeps none of the others out. */
  async function add(files: readonly FileAndSheet[]): Promise<void> {
    failure.value = null
    for (const { ticket, sheet } of files) {
      const result = await api['mapping.propose']({ ticket: ticket.ticket, ...(sheet === null ? {} : { sheet }), ...asCustomer() })
      if (result.ok) sources.value = [...sources.value, { ...result.value, ticket }]
      else failure.value = result.error
    }
    at.value = Math.max(0, sources.value.length - 1)
  }

  function change(next: Partial<MappedSource>): void {
    sources.value = sources.value.map((each, place) => (place === at.value ? { ...each, ...next } : each))
  }

  function changeColumn(place: number, next: Partial<MappedColumn>): void {
    change({ columns: (source.value?.columns ?? []).map((column, index) => (index === place ? { ...column, ...next } : column)) })
  }

  return {
    sources,
    at,
    source,
    failure,
    asCustomer,
    add,
    change,
    remove: (place: number) => {
      sources.value = sources.value.filter((_, index) => index !== place)
      at.value = Math.max(0, Math.min(at.value, sources.value.length - 1))
    },
    setUse: (place: number, use: SourceUse) => {
      const column = source.value?.columns[place]
      if (column) changeColumn(place, { use, by: 'person', values: guessValues(use, column.words, profile()) })
    },
    /** What is written for a word; null: the word itself. Where another word would be guessed, that is remembered too. */
    setWord: (place: number, from: string, to: string | null) => {
      const column = source.value?.columns[place]
      if (!column) return
      const others = column.values.filter((each) => foldWord(each.from) !== foldWord(from))
      const isGuessed = guessValues(column.use, [{ text: from, count: 1 }], profile()).length > 0
      changeColumn(place, { values: to === null && !isGuessed ? others : [...others, { from, to: to ?? from }] })
    },
  }
}
