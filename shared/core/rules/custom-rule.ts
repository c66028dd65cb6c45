import { RE2JS } from 're2js'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { err, ok, type Result } from '../../kit/result.ts'
import { packageNames } from '../catalogue/packages.ts'

const strict = { additionalProperties: false } as const
const text = Type.String({ minLength: 1, maxLength: 500 })

/**
 * A rule of a customer's own (`rules` of the profile). `column` is a header text, today's name or an alias. Of `required`, `pattern`,
 * `oneOf`, `unique` and `maxLength` exactly one says what is asked; `when` narrows the rows. Blank cells break `required` only.
 */
export const customRuleSchema = Type.Object(
  {
    /** Stands in findings as `custom/<name>`. */
    name: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
    column: text,
    severity: Type.Optional(Type.Enum(['error', 'warning', 'info'])),
    message: Type.Optional(text),
    required: Type.Optional(Type.Literal(true)),
    /** RE2 syntax, found anywhere in the cell unless anchored: linear time whatever the text. */
    pattern: Type.Optional(text),
    oneOf: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 10_000 })),
    unique: Type.Optional(Type.Literal(true)),
    maxLength: Type.Optional(Type.Integer({ minimum: 1 })),
    when: Type.Optional(
      Type.Object(
        {
          package: Type.Optional(Type.Enum([...packageNames])),
          column: Type.Optional(text),
          oneOf: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 10_000 })),
          pattern: Type.Optional(text),
          blank: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type CustomRule = Static<typeof customRuleSchema>

/** Where in a JSON document something is wrong (`/rules/0/pattern`), and what. */
export interface PathProblem {
  readonly path: string
  readonly detail: string
}

/** The first thing wrong with a value, the way people read it: an unknown key is named by its own path. */
export function firstProblem(schema: Type.TSchema, value: unknown): PathProblem | null {
  const problems = Value.Errors(schema, value)
  const first = problems[0]
  if (first === undefined) return null
  if (first.keyword === 'boolean') return { path: first.instancePath, detail: 'unknown key' }
  if (first.keyword === 'additionalProperties')
    return { path: `${first.instancePath}/${first.params.additionalProperties[0] ?? ''}`, detail: 'unknown key' }
  if (first.keyword === 'required')
    return { path: `${first.instancePath}/${first.params.requiredProperties[0] ?? ''}`, detail: 'is missing' }
  if (first.keyword === 'enum') {
    return { path: first.instancePath, detail: `must be one of ${first.params.allowedValues.map((allowed) => String(allowed)).join(', ')}` }
  }
  return { path: first.instancePath === '' ? '/' : first.instancePath, detail: first.message }
}

const asked = ['required', 'pattern', 'oneOf', 'unique', 'maxLength'] as const

/** Checks a customer's own rules; paths begin at `/rules`. */
export function parseCustomRules(values: readonly unknown[]): Result<readonly CustomRule[], PathProblem> {
  const rules: CustomRule[] = []
  for (const [i, value] of values.entries()) {
    const at = `/rules/${i}`
    const problem = firstProblem(customRuleSchema, value)
    if (problem !== null) return err({ path: `${at}${problem.path === '/' ? '' : problem.path}`, detail: problem.detail })
    const rule = value as CustomRule
    const given = asked.filter((key) => rule[key] !== undefined)
    if (given.length !== 1)
      return err({
        path: at,
        detail: `needs exactly one of ${asked.join(', ')}${given.length === 0 ? '' : `, not ${given.join(' and ')}`}`,
      })
    const { when } = rule
    if (
      when !== undefined &&
      when.column === undefined &&
      (when.oneOf !== undefined || when.pattern !== undefined || when.blank !== undefined)
    ) {
      return err({ path: `${at}/when`, detail: 'oneOf, pattern and blank need a column' })
    }
    if (when?.column !== undefined && when.oneOf === undefined && when.pattern === undefined && when.blank === undefined) {
      return err({ path: `${at}/when`, detail: 'a column needs oneOf, pattern or blank' })
    }
    for (const [path, pattern] of [
      [`${at}/pattern`, rule.pattern],
      [`${at}/when/pattern`, when?.pattern],
    ] as const) {
      const detail = pattern === undefined ? null : patternProblem(pattern)
      if (detail !== null) return err({ path, detail })
    }
    if (rules.some((other) => other.name === rule.name)) return err({ path: `${at}/name`, detail: `“${rule.name}” stands twice` })
    rules.push(rule)
  }
  return ok(rules)
}

function patternProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
