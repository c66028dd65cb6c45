import Type from 'typebox'
import type { GuessedBy, Mapping, SourceMapping } from '../core/mapping/mapping.ts'
import type { DraftState } from './draft-methods.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const text = Type.String({ maxLength: 32_767 })
const target = Type.String({ minLength: 1, maxLength: 200 })

const useSchema = Type.Union([
  Type.Object({ kind: Type.Literal('column'), target }, strict),
  Type.Object({ kind: Type.Literal('full-name'), order: Type.Enum(['family-comma-given', 'given-family', 'family-given']) }, strict),
  Type.Object({ kind: Type.Literal('package') }, strict),
  Type.Object({ kind: Type.Literal('keep') }, strict),
  Type.Object({ kind: Type.Literal('drop') }, strict),
])

export const mappingSchema = Type.Object(
  {
    columns: Type.Array(
      Type.Object(
        { header: text, use: useSchema, values: Type.Array(Type.Object({ from: text, to: text }, strict), { maxItems: 5000 }) },
        strict,
      ),
      { maxItems: 2000 },
    ),
    constants: Type.Array(Type.Object({ target, text }, strict), { maxItems: 200 }),
    joinDisplayName: Type.Boolean(),
  },
  strict,
)

const sourceSchema = { ticket: Type.String(), sheet: Type.Optional(Type.String()) }
const customer = Type.Optional(Type.String())

export interface ProposedColumn extends SourceMapping {
  readonly by: GuessedBy
  /** The most frequent texts with their counts; `more` says that there are others. Blank cells are counted beside them. */
  readonly words: readonly { readonly text: string; readonly count: number }[]
  readonly more: boolean
  readonly blank: number
}

export interface MappingProposal {
  readonly rows: number
  readonly columns: readonly ProposedColumn[]
  readonly constants: Mapping['constants']
  readonly joinDisplayName: boolean
  /** This customer's file with this very header was mapped before, and this is how. */
  readonly isRemembered: boolean
  /** Nothing says that Control Hub wrote it: the mapping step is worth its while. */
  readonly isForeign: boolean
  readonly sheets: readonly string[]
  readonly sheet: string | null
}

/** Files that Control Hub did not write: their columns are mapped before a draft is made of them. */
export const mappingMethods = {
  'mapping.propose': query<MappingProposal>()(Type.Object({ ...sourceSchema, customer }, strict)),
  /** The first users as they would stand in the draft. */
  'mapping.preview': query<{ readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }>()(
    Type.Object({ ...sourceSchema, customer, mapping: mappingSchema }, strict),
  ),
  /** One draft of one or several files or sheets, one after the other. Each mapping is remembered for the customer and the header. */
  'mapping.createDraft': command<DraftState>()(
    Type.Object(
      {
        sources: Type.Array(Type.Object({ ...sourceSchema, mapping: mappingSchema }, strict), { minItems: 1, maxItems: 50 }),
        customer,
        baselineTicket: Type.Optional(Type.String()),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
} as const
