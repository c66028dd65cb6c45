/** Keys of the grid beyond movement, each with what it does. The same list feeds the menu and the handler. */
export const draftKeys = {
  edit: ['F2'],
  clear: ['Delete', 'Backspace'],
  toggle: [' '],
  copyWithHeader: ['Mod+Shift+C'],
  fillDown: ['Mod+D'],
  fillRight: ['Mod+R'],
  find: ['Mod+F'],
  replace: ['Mod+H'],
  insertAbove: ['Mod+Shift++'],
  deleteRows: ['Mod+-'],
  columnLeft: ['Alt+Shift+ArrowLeft'],
  columnRight: ['Alt+Shift+ArrowRight'],
  columnMenu: ['Alt+ArrowDown'],
  record: ['Mod+Shift+Enter'],
} as const
export type DraftKey = keyof typeof draftKeys
