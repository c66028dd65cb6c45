import { catalogue } from '../catalogue/columns.ts'

/** Columns that a list can fill: not those that Control Hub fills itself or took out. */
export const fillableColumns = catalogue.filter(({ kind }) => kind !== 'read-only' && kind !== 'removed')
