import Type from 'typebox'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const

export const columnLayoutSchema = Type.Object(
  { id: Type.String(), width: Type.Number(), isHidden: Type.Boolean(), isPinned: Type.Boolean() },
  strict,
)
const customer = Type.Union([Type.String(), Type.Null()])

export interface KeptLayout {
  readonly id: string
  readonly width: number
  readonly isHidden: boolean
  readonly isPinned: boolean
}

/** What the editor asks beside the draft itself. */
export const editorMethods = {
  /** The first `count` candidates that no row of the draft has in the column, in their order. Only digits are compared: extensions, numbers. */
  'editor.unused': query<readonly string[]>()(
    Type.Object(
      {
        draftId: Type.String(),
        column: Type.Integer({ minimum: 0 }),
        candidates: Type.Array(Type.String(), { maxItems: 100_000 }),
        count: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
  ),
  /** Order, width, pin and hiding of columns as they were left for the customer; none: never. Header texts and widths, nothing of any user. */
  'editor.layout': query<readonly KeptLayout[]>()(Type.Object({ customer }, strict)),
  'editor.setLayout': command<null>()(Type.Object({ customer, layout: Type.Array(columnLayoutSchema, { maxItems: 2000 }) }, strict)),
} as const
