import Type from 'typebox'
import Value from 'typebox/value'
import { packageNames } from '../catalogue/packages.ts'
import type { Language } from '../../kit/language.ts'
import { err, ok, type Result } from '../../kit/result.ts'
import type { Manifest } from './manifest-shape.ts'
import type { ExportPlan } from './plan-export.ts'
import { noteText, stepsFor } from './steps.ts'

export interface ManifestFacts {
  readonly customer: string | null
  /** ISO 8601, UTC. */
  readonly madeAt: string
  /** The batch's digest, where the files come from one. */
  readonly digest: string | null
  readonly language: Language
}

/** `hashes`: SHA-256 of each file's bytes, hex, in the order of `plan.files`. */
export function buildManifest(plan: ExportPlan, hashes: readonly string[], facts: ManifestFacts): Manifest {
  const { customer, madeAt, digest, language } = facts
  return {
    format: 1,
    name: plan.name,
    customer,
    madeAt,
    digest,
    importMode: 'Add and remove services',
    columns: plan.columns,
    maxRows: plan.maxRows,
    files: plan.files.map(({ order, name, rows, packages, adds, changes, removals }, index) => {
      const sha256 = hashes[index]
      if (sha256 === undefined) throw new RangeError(`There is no hash for file ${order}`)
      return { order, name, rows, sha256, packages, adds, changes, removals }
    }),
    steps: stepsFor(plan, language),
    notes: plan.notes.map(({ email, column, kind }) => ({ email, column, note: noteText(kind, language) })),
  }
}

/** The text of `manifest.json`. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

const strict = { additionalProperties: false } as const
const count = Type.Integer({ minimum: 0 })

export const manifestSchema = Type.Object(
  {
    format: Type.Literal(1),
    name: Type.String(),
    customer: Type.Union([Type.String(), Type.Null()]),
    madeAt: Type.String(),
    digest: Type.Union([Type.String(), Type.Null()]),
    importMode: Type.Literal('Add and remove services'),
    columns: Type.Enum(['all', 'changed']),
    maxRows: Type.Integer({ minimum: 1 }),
    files: Type.Array(
      Type.Object(
        {
          order: Type.Integer({ minimum: 1 }),
          /** A bare file name: the manifest never points out of its folder. */
          name: Type.String({ pattern: '^[^/\\\\]+\\.csv$' }),
          rows: count,
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
          packages: Type.Object(Object.fromEntries(packageNames.map((name) => [name, Type.Optional(Type.Integer())])), strict),
          adds: count,
          changes: count,
          removals: count,
        },
        strict,
      ),
    ),
    steps: Type.Array(Type.String()),
    notes: Type.Array(Type.Object({ email: Type.String(), column: Type.String(), note: Type.String() }, strict)),
  },
  strict,
)

/** Where and why a text is no manifest. */
export interface ManifestProblem {
  readonly path: string
  readonly detail: string
}

/** Reads `manifest.json` back, for the tick list and for checking the files beside it. */
export function readManifest(text: string): Result<Manifest, ManifestProblem> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return err({ path: '', detail: 'is no JSON' })
  }
  if (isManifest(value)) {
    const outOfOrder = value.files.findIndex((file, index) => file.order !== index + 1)
    return outOfOrder < 0 ? ok(value) : err({ path: `/files/${outOfOrder}/order`, detail: `should be ${outOfOrder + 1}` })
  }
  const [first] = Value.Errors(manifestSchema, value)
  return err({ path: first?.instancePath ?? '', detail: first?.message ?? 'does not fit' })
}

const isManifest = (value: unknown): value is Manifest => Value.Check(manifestSchema, value)
