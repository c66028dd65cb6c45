import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import type { PackageName } from '../../../shared/core/catalogue/packages.ts'
import type { Edit } from '../../../shared/core/edits/edit.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DraftEdit, StepName } from '../../../shared/contract/draft-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Draft } from './draft.ts'

export interface CoreEdit {
  readonly edit: Edit
  /** What the step is called, where it is more than the core's own label says. */
  readonly label: Partial<StepName>
}

/** What the window asks for in the words of the core. Rows `null` are those of the present view. */
export function coreEdit(draft: Draft, edit: DraftEdit): Result<CoreEdit, AppError> {
  switch (edit.kind) {
    case 'fill':
      return ok({ edit: { ...edit, rows: edit.rows ?? draft.viewRows }, label: {} })
    case 'replace':
      return ok({ edit: { ...edit, rows: edit.rows ?? draft.viewRows }, label: { to: edit.replace } })
    case 'set-package':
      return packageEdit(draft, edit.rows ?? draft.viewRows, edit.package)
    case 'remove-users':
      return removalEdit(draft, edit.rows, edit.confirmedCount)
    case 'paste': {
      const { exceptBlank, grow, ...paste } = edit
      const options = { ...(exceptBlank === undefined ? {} : { exceptBlank }), ...(grow === undefined ? {} : { grow }) }
      return ok({ edit: { ...paste, ...options }, label: {} })
    }
    case 'insert-column': {
      const { text, ...column } = edit
      return ok({ edit: { ...column, ...(text === undefined ? {} : { text }) }, label: {} })
    }
    case 'set-cells':
    case 'insert-rows':
    case 'duplicate-rows':
    case 'delete-rows':
    case 'rename-column':
    case 'drop-column':
      return ok({ edit, label: {} })
  }
}

/** One package column TRUE, every other one FALSE: all of them are written, so that nothing is left to chance. */
function packageEdit(draft: Draft, rows: ArrayLike<number>, name: PackageName): Result<CoreEdit, AppError> {
  const { packages } = userColumns(draft.columns)
  const [chosen] = packages.get(name) ?? []
  if (chosen === undefined) return err({ code: 'edit/impossible', detail: `the file has no column for ${name}: add the column first` })
  const others = [...packages.values()].flat().filter((column) => column !== chosen)
  const edits: Edit[] = [
    { kind: 'fill', rows, columns: [chosen], text: 'TRUE' },
    ...(others.length === 0 ? [] : [{ kind: 'fill', rows, columns: others, text: 'FALSE' } as const]),
  ]
  return ok({ edit: { kind: 'compose', edits }, label: { kind: 'set-package', to: name, count: rows.length } })
}

/** The one way to remove users: every package column FALSE, by somebody who typed how many. */
function removalEdit(draft: Draft, rows: readonly number[], confirmedCount: number): Result<CoreEdit, AppError> {
  const distinct = new Set(rows).size
  if (distinct !== confirmedCount) return err({ code: 'guard/removals-unconfirmed', removals: distinct, confirmed: confirmedCount })
  const columns = [...userColumns(draft.columns).packages.values()].flat()
  if (columns.length === 0) return err({ code: 'edit/impossible', detail: 'the file has no package column' })
  return ok({ edit: { kind: 'fill', rows, columns, text: 'FALSE' }, label: { kind: 'remove-users', count: distinct } })
}
