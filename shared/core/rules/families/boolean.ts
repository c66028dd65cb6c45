import { booleanText, readBoolean } from '../../catalogue/read-boolean.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'

const onLicence = { on: 'cell', columns: 'every licence, Jabber and hybrid column', needs: [], onRemovals: true } as const
const meaning = (text: string): string => booleanText(readBoolean(text)?.value ?? false)
const normalised = ({ text }: Place): { kind: 'safe'; value: string } => ({ kind: 'safe', value: meaning(text) })
const spelling = (text: string): string | null => readBoolean(text)?.spelling ?? null

export const booleanRules: readonly Rule[] = [
  rule(
    {
      ...onLicence,
      id: 'boolean/invalid',
      severity: ['error'],
      when: 'no TRUE, FALSE or blank, nor one of the two below',
      source: 'S: OLDUI, CSVADD',
      facts: ({ text }) => ({ value: text.trim() }),
    },
    { kind: 'shape', holds: (text) => readBoolean(text) === null },
  ),
  rule(
    {
      ...onLicence,
      id: 'boolean/localized',
      severity: ['error'],
      when: "another language's word for TRUE or FALSE (`SANN`/`USANN`, `SAND`/`FALSK` …), whole word, case ignored; read by its meaning everywhere",
      source: 'S: XL5, SEED-NO',
      fix: 'safe',
      facts: ({ text }) => ({ value: text.trim(), meaning: meaning(text) }),
      repair: normalised,
    },
    { kind: 'shape', holds: (text) => spelling(text) === 'localized' },
  ),
  rule(
    {
      ...onLicence,
      id: 'boolean/variant',
      severity: ['info'],
      when: '`T`, `F`, or TRUE/FALSE in another case; read by its meaning everywhere',
      source: 'S: OLDUI',
      fix: 'safe',
      facts: ({ text }) => ({ value: text.trim(), meaning: meaning(text) }),
      repair: normalised,
    },
    { kind: 'shape', holds: (text) => spelling(text) === 'variant' },
  ),
]

export const booleanFamily: ShapeFamily = {
  isChain: true,
  reads: 'trimmed',
  appliesTo: (column) => column.column?.value === 'boolean' && column.match !== 'removed',
  isSound: (text) => text === 'TRUE' || text === 'FALSE',
  rules: booleanRules,
}
