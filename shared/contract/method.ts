import type { Static, TSchema } from 'typebox'
import type { Result } from '../kit/result.ts'
import type { AppError } from './app-error.ts'

/**
 * One call that crosses a process. The input is checked by its schema at the backend's door; the output is typed only,
 * for the backend is trusted and windows of rows are hot. `kind` says whether it changes anything.
 */
export interface Method<S extends TSchema = TSchema, O = unknown> {
  readonly kind: 'query' | 'command'
  readonly input: S
  /** Never present at run time: carries the output's type. */
  readonly output?: O
}

export const query =
  <O>() =>
  <S extends TSchema>(input: S): Method<S, O> => ({ kind: 'query', input })
export const command =
  <O>() =>
  <S extends TSchema>(input: S): Method<S, O> => ({ kind: 'command', input })

export type InputOf<M> = M extends Method<infer S> ? Static<S> : never
export type OutputOf<M> = M extends Method<TSchema, infer O> ? O : never

export type Contract = Readonly<Record<string, Method>>
export type Reply<O> = Promise<Result<O, AppError>>

/** What the renderer and the command line call. */
export type Api<C extends Contract> = { readonly [K in keyof C]: (input: InputOf<C[K]>) => Reply<OutputOf<C[K]>> }

/** All that a host must provide: move one envelope to the backend and bring one back, and hand on events. */
export interface Transport {
  call(method: string, input: unknown): Promise<Result<unknown, AppError>>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void
}

/** What the backend says on its own. Small: it tells what changed, and the window asks for what it shows. */
export type AppEvent =
  | { readonly kind: 'draft-changed'; readonly draftId: string; readonly revision: number; readonly saved: boolean }
  | { readonly kind: 'drafts-changed' }
  | { readonly kind: 'batches-changed'; readonly batch: string | null }
  | { readonly kind: 'customers-changed' }
  /** Said by a window to itself: its stream of events began, maybe again, and anything may have changed meanwhile. */
  | { readonly kind: 'resumed' }
  | {
      readonly kind: 'job'
      readonly job: string
      readonly step: string
      readonly done: number
      readonly total: number | null
      readonly state: 'running' | 'done' | 'failed' | 'cancelled'
    }
