import type { FillRequest, GridColumn, GridSource, HeaderMenuRequest, MenuRequest } from './grid-source.ts'
import type { Place } from './place.ts'
import type { Selection } from './selection.ts'

/** What the parts of the grid read of its props; reactive, as the component has them. */
export interface GridProps {
  readonly source: GridSource
  readonly columns: readonly GridColumn[]
  readonly rowCount: number
  readonly rowHeight: number
  readonly headWidth: number
  readonly selection: Selection | null
  /** Tab leaves the grid instead of going from cell to cell. */
  readonly tabLeaves: boolean
}

/** What the grid tells its parent. */
export interface GridEmit {
  (event: 'select', selection: Selection): void
  (event: 'edit', place: Place): void
  (event: 'menu', request: MenuRequest): void
  (event: 'header-menu', request: HeaderMenuRequest): void
  (event: 'resize', column: string, width: number): void
  (event: 'move', column: string, before: string | null): void
  (event: 'fill', request: FillRequest): void
  (event: 'hover', place: Place | null): void
  (event: 'key', pressed: KeyboardEvent): void
}
