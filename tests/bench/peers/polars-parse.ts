import type { DataFrame } from 'nodejs-polars'
import { polars, read } from './polars.ts'

export const prepare = polars
export const run = ({ file }: { readonly file: string }, pl: Awaited<ReturnType<typeof polars>>): DataFrame => read(pl, file)
export const check = (frame: DataFrame): unknown => ({ rows: frame.height })
