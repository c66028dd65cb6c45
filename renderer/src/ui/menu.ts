/** An entry of a menu. */
export interface MenuItem {
  readonly id: string
  readonly label: string
  readonly note?: string
  readonly keys?: string
  readonly checked?: boolean
  readonly disabled?: boolean
  readonly danger?: boolean
  /** A line above it. */
  readonly apart?: boolean
}
