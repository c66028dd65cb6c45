import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { err, type Result } from '../kit/result.ts'
import type { AppError } from './app-error.ts'
import type { Api, Contract } from './method.ts'

export interface DispatchOptions {
  /** Called once for each bug that was thrown; returns the incident id that is shown instead of its text. */
  readonly report: (method: string, thrown: unknown) => string
}

export type Dispatch = (name: string, input: unknown) => Promise<Result<unknown, AppError>>

/** The backend's single door. Every host calls this and adds nothing of its own. */
export function createDispatch<C extends Contract>(contract: C, handlers: Api<C>, { report }: DispatchOptions): Dispatch {
  const methods = new Map(Object.entries(contract))
  const table = new Map(Object.entries(handlers as Record<string, (input: unknown) => Promise<Result<unknown, AppError>>>))
  return async (name, input) => {
    const method = methods.get(name)
    const handle = table.get(name)
    if (method === undefined || handle === undefined) return err({ code: 'request/unknown-method', method: name })
    const problem = firstProblem(method.input, input)
    if (problem !== null) return err({ code: 'request/invalid-input', method: name, ...problem })
    try {
      return await handle(input)
    } catch (thrown) {
      return err({ code: 'internal', incident: report(name, thrown) })
    }
  }
}

/** Where and why a value does not fit its schema, or null. An unknown key is named by its own path. */
export function firstProblem(schema: TSchema, value: unknown): { readonly path: string; readonly detail: string } | null {
  if (Value.Check(schema, value)) return null
  const first = [...Value.Errors(schema, value)][0]
  if (first === undefined) return { path: '', detail: 'does not fit' }
  return { path: first.instancePath, detail: first.keyword === 'boolean' ? 'is not a known key' : first.message }
}
