import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DraftEdit, DraftState, EditResult, RowWindow, View } from '../../../shared/contract/draft-methods.ts'
import type { InputOf, Reply } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { usePlatform } from '../platform/platform.ts'
import type { TextKey } from '../text/i18n.ts'
import { useApi } from './api.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'

/** A cell of the grid: `viewRow` counts in the present view from 0, `columnIndex` is `DraftColumn.index`. */
export interface GridPlace {
  readonly viewRow: number
  readonly columnIndex: number
}

/** What is selected in the grid, as the grid tells it. */
export interface GridSelection {
  readonly active: GridPlace | null
  /** The active row's id and the spreadsheet's number of it (0: came from no file). */
  readonly activeRow: { readonly id: number; readonly number: number } | null
  /** View rows `from` … `to`, both included, and the `DraftColumn.index` of each selected column. */
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly columns: readonly number[] }[]
  /** Selected rows and cells, each counted once. */
  readonly rows: number
  readonly cells: number
}

type DraftCall<K extends keyof Methods> = Omit<InputOf<Methods[K]>, 'draftId'>

/**
 * One open draft as the window knows it: its state and a revision. Rows stay in the backend and come as windows.
 * Commands go one after the other, so that the states they answer with arrive in order.
 */
export function useDraftStore(draftId: string) {
  return defineStore(`draft/${draftId}`, () => {
    const api = useApi()
    const jobs = useJobs()
    const toasts = useToasts()
    const state = shallowRef<DraftState | null>(null)
    const failure = shallowRef<AppError | null>(null)
    const selection = shallowRef<GridSelection | null>(null)
    const goToListeners = new Set<(place: GridPlace) => void>()
    let lastCommand: Promise<unknown> = Promise.resolve()

    /** Takes a newer state; an older one (a slow answer) is passed over. Saved marks that ran ahead are kept. */
    function accept(next: DraftState): void {
      const now = state.value
      if (now !== null && next.revision < now.revision) return
      state.value = now !== null && next.savedRevision < now.savedRevision ? { ...next, savedRevision: now.savedRevision } : next
    }

    /** The backend knows nothing yet of a job that waits for its turn: one that is cancelled by then is not begun. */
    function inOrder<T>(run: () => Reply<T>, job?: string): Reply<T> {
      const begin = async (): Reply<T> => (job !== undefined && jobs.isCancelling(job) ? err({ code: 'cancelled' }) : run())
      const mine = lastCommand.then(begin, begin)
      lastCommand = mine.catch(() => undefined)
      return mine
    }

    /** Commands that the backend has not answered yet: what they did is neither saved nor in the state. */
    const underWay = shallowRef(0)
    async function counted<T>(run: () => Reply<T>, job?: string): Reply<T> {
      underWay.value++
      try {
        return await inOrder(run, job)
      } finally {
        underWay.value--
      }
    }

    /** Within the turn of what was asked: whoever waits for that turn to end finds the state that it brought. */
    async function taking<T>(reply: Reply<T>, stateOf: (value: T) => DraftState): Reply<T> {
      const result = await reply
      if (result.ok) accept(stateOf(result.value))
      return result
    }

    const command = (run: () => Reply<EditResult>, job?: string): Reply<EditResult> =>
      counted(() => taking(run(), (value) => value.state), job)

    const stateCommand = (run: () => Reply<DraftState>, job?: string): Reply<DraftState> =>
      counted(() => taking(run(), (value) => value), job)

    async function open(job?: string): Promise<Result<DraftState, AppError>> {
      const result = await stateCommand(() => api['drafts.open'](job === undefined ? { draftId } : { draftId, job }), job)
      failure.value = result.ok ? null : result.error
      return result
    }

    /** In its turn, too: beside a command it could bring back the state before it. `isWanted` is asked when its turn has come. */
    async function refresh(isWanted: (now: DraftState) => boolean = () => true): Promise<void> {
      await inOrder<DraftState | null>(async () => {
        if (state.value === null || !isWanted(state.value)) return ok(null)
        return taking(api['drafts.state']({ draftId }), (value) => value)
      })
    }

    /** A look at the whole list, shown with a way out where it lasts. The next one of its kind takes its place. */
    function overtaking(label: TextKey) {
      let last: string | null = null
      const stop = (): void => {
        if (last !== null) void jobs.cancel(last)
      }
      const run = <T>(call: (job: string) => Reply<T>): Reply<T> => {
        stop()
        return jobs.run(label, async (job) => {
          last = job
          const result = await call(job)
          if (last === job) last = null
          return result
        })
      }
      return { run, stop }
    }
    const viewing = overtaking('draft.viewing')
    const searching = overtaking('draft.searching')

    async function setView(view: View): Promise<void> {
      const ask = async (job: string): Reply<DraftState['view']> => {
        const result = await api['drafts.setView']({ draftId, view, job })
        if (result.ok && state.value !== null) state.value = { ...state.value, view: result.value }
        return result
      }
      const result = await viewing.run((job) => inOrder(() => ask(job), job))
      if (!result.ok) toasts.failed(result.error)
    }

    /** Row ids of the selected rows, in view order, each once. Asked of the backend, for unseen rows may be selected. */
    async function selectedRowIds(): Promise<readonly number[]> {
      const ids = new Set<number>()
      for (const { from, to } of selection.value?.ranges ?? []) {
        const result = await api['drafts.rowIds']({ draftId, from, count: to - from + 1 })
        if (result.ok) for (const id of result.value) ids.add(id)
      }
      return [...ids]
    }

    const stop = usePlatform().transport.subscribe((event) => {
      if (event.kind === 'resumed') void refresh()
      if (event.kind !== 'draft-changed' || event.draftId !== draftId || state.value === null) return
      if (event.saved && event.revision > state.value.savedRevision) state.value = { ...state.value, savedRevision: event.revision }
      // Another window changed the draft, unless a command of our own brings that revision.
      if (event.revision > state.value.revision) void refresh((now) => now.revision < event.revision)
    })
    onScopeDispose(stop)

    return {
      draftId,
      /** Null until `open` has answered. */
      state: computed(() => state.value),
      /** Why the draft could not be opened. */
      failure: computed(() => failure.value),
      selection: computed(() => selection.value),
      /** Everything that was done is durably on disk. */
      isSaved: computed(() => underWay.value === 0 && state.value !== null && state.value.savedRevision >= state.value.revision),
      /** There is a step to take back: a known one, or one whose answer is on its way (the undo then waits for it). */
      canUndo: computed(() => state.value !== null && (state.value.undo !== null || underWay.value > 0)),
      open,
      accept,
      edit: (edit: DraftEdit, job?: string) =>
        command(() => api['drafts.edit'](job === undefined ? { draftId, edit } : { draftId, edit, job }), job),
      undo: () => command(() => api['drafts.undo']({ draftId })),
      redo: () => command(() => api['drafts.redo']({ draftId })),
      goToStep: (step: number) => command(() => api['drafts.goToStep']({ draftId, step })),
      fix: (fixes: DraftCall<'findings.fix'>['selection']) => command(() => api['findings.fix']({ draftId, selection: fixes })),
      ignore: (input: DraftCall<'findings.ignore'>) => stateCommand(() => api['findings.ignore']({ draftId, ...input })),
      setCustomer: (customer: string | null) => stateCommand(() => api['drafts.setCustomer']({ draftId, customer })),
      setBaseline: (input: DraftCall<'drafts.setBaseline'>) =>
        stateCommand(() => api['drafts.setBaseline']({ draftId, ...input }), input.job),
      confirmRemovals: (count: number) => stateCommand(() => api['drafts.confirmRemovals']({ draftId, count })),
      rename: (name: string) => stateCommand(() => api['drafts.rename']({ draftId, name })),
      setView,
      /** A window of rows of the present view. `columns` are `DraftColumn.index`; cells come in that order. */
      window: (from: number, count: number, columns: readonly number[]): Reply<RowWindow> =>
        api['drafts.window']({ draftId, from, count, columns: [...columns] }),
      rowIds: (from: number, count: number) => api['drafts.rowIds']({ draftId, from, count }),
      block: (from: number, count: number, columns: readonly number[]) =>
        api['drafts.block']({ draftId, from, count, columns: [...columns] }),
      find: (input: DraftCall<'drafts.find'>) => searching.run((job) => api['drafts.find']({ draftId, ...input, job })),
      /** Nobody waits for what is searched for any more. */
      stopFinding: () => searching.stop(),
      distinct: (input: DraftCall<'drafts.distinct'>) =>
        jobs.run('draft.listing' satisfies TextKey, (job) => api['drafts.distinct']({ draftId, ...input, job })),
      nextFinding: (input: DraftCall<'findings.next'>) => api['findings.next']({ draftId, ...input }),
      history: () => api['drafts.history']({ draftId }),
      selectedRowIds,
      /** The grid tells what is selected. */
      setSelection: (next: GridSelection | null) => {
        selection.value = next
      },
      /** Asks the grid to go to a cell and centre it. */
      goTo: (place: GridPlace) => {
        for (const listener of goToListeners) listener(place)
      },
      /** The grid listens here. Returns the function that ends it. */
      onGoTo: (listener: (place: GridPlace) => void) => {
        goToListeners.add(listener)
        return () => goToListeners.delete(listener)
      },
    }
  })()
}

export type DraftStore = ReturnType<typeof useDraftStore>
