import { polars, read, type DataFrame, type Polars } from './polars.ts'

export const prepare = polars
export const run = ({ file }: { readonly file: string }, pl: Polars): DataFrame => read(pl, file)
export const check = (frame: DataFrame): unknown => ({ rows: frame.height })
