import type { RecognisedColumn } from '../../catalogue/column.ts'
import { CellState, cellReader } from '../cell-reader.ts'
import { RowFlag, type CheckContext } from '../context.ts'
import { CellMark, isPlainE164Bytes } from '../../table/cell-mark.ts'
import { isE164 } from '../phone-number.ts'
import { distinctSigns } from '../distinct-signs.ts'
import { rule, type Rule, type ShapeFamily } from '../rule.ts'
import { textToBe } from '../text-to-be.ts'
import { phoneShapeFix } from './phone.ts'

const forbidden = /[%+"`]/g
const policyId = 'external-caller-id-policy'
const customNameId = 'custom-external-caller-id'
const policies = new Set(['DIRECT_LINE', 'LOCATION', 'OTHER'])

const number = rule(
  {
    id: 'caller-id/number',
    on: 'cell',
    columns: '`Caller ID Number`',
    needs: [],
    severity: ['error'],
    when: 'not E.164',
    source: 'S: CSVREF',
    fix: 'ask',
    facts: ({ text }) => ({ value: text.trim() }),
    repair(place) {
      // A caller ID is one number: what leaves several, or none that is sound, is no repair.
      const repaired = phoneShapeFix(place.text.trim(), place)
      return repaired?.value !== undefined && isE164(repaired.value) ? repaired : null
    },
  },
  { kind: 'shape', holds: (text) => !isE164(text) },
)

const character = rule(
  {
    id: 'caller-id/character',
    on: 'cell',
    columns: '`Caller ID First Name`, `Caller ID Last Name`, `Custom External Caller ID Name`',
    needs: [],
    severity: ['error'],
    when: '`%`, `+`, `"` or a backtick in a caller-ID name',
    source: 'S: WXCSDK, REFAPP',
    fix: 'ask',
    facts: ({ text }) => ({ characters: distinctSigns(text, forbidden) }),
    repair: ({ text }) => ({ kind: 'ask', value: text.replace(forbidden, '').replace(/\s+/g, ' ').trim() }),
  },
  { kind: 'shape', holds: (text) => text.search(forbidden) >= 0 },
)

/** Row → what will stand in the column of that id, which the file may lack. */
function reading(context: CheckContext, id: string): (row: number) => string {
  const { table, baseline } = context
  const isIt = ({ column }: RecognisedColumn): boolean => column?.id === id
  const own = context.columns.find(isIt)
  const lacked = own === undefined ? baseline?.columns.find(isIt) : undefined
  const before = own === undefined ? lacked && baseline?.table.columns[lacked.index] : context.baselineColumn(own.index)
  return textToBe(context, (own && table.columns[own.index]) ?? null, before ?? null)
}

const policy = rule(
  {
    id: 'caller-id/policy',
    on: 'cell',
    columns: '`External Caller ID Name Policy`, `Custom External Caller ID Name`',
    needs: [],
    severity: ['warning'],
    when: 'not `DIRECT_LINE`, `LOCATION` or `OTHER`; `OTHER` with no custom name (existing user: in the baseline too)',
    source: 'F: WXCSDK',
    facts: ({ text, extra }) => ({ value: text.trim(), isNameMissing: extra === 1 }),
  },
  {
    kind: 'table',
    reads: ({ columns }) =>
      columns.filter(({ column }) => column?.id === policyId || column?.id === customNameId).map(({ index }) => index),
    check(context, emit) {
      const column = context.columns.find((known) => known.column?.id === policyId)
      const reader = column === undefined ? null : cellReader(context.table.columns[column.index]!)
      if (column === undefined || reader === null) return
      const policyToBe = reading(context, policyId)
      const nameToBe = reading(context, customNameId)
      for (let i = 0; i < context.rows.length; i++) {
        const row = context.rows[i]!
        if ((context.flags[row]! & RowFlag.removal) !== 0) continue
        if (reader.stateOf(row) === CellState.text && !policies.has(reader.textOf(row))) emit(row, column.index)
        else if (policyToBe(row) === 'OTHER' && nameToBe(row) === '') emit(row, column.index, 1)
      }
    },
  },
)

export const callerIdRules: readonly Rule[] = [number, character, policy]
export const callerIdFamilies: readonly ShapeFamily[] = [
  {
    isChain: false,
    reads: 'trimmed',
    appliesTo: (column) => column.column?.value === 'caller-id-number',
    isSoundBytes: isPlainE164Bytes,
    soundMark: CellMark.plainNumber,
    rules: [number],
  },
  { isChain: false, reads: 'trimmed', appliesTo: (column) => column.column?.value === 'caller-id-name', rules: [character] },
]
