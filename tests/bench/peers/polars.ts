import type { DataFrame } from 'nodejs-polars'
import type * as Polars from 'nodejs-polars'

/** As many threads as the machine of the figures in docs has; the library is read after that is said. */
export async function polars(): Promise<typeof Polars.default> {
  process.env['POLARS_MAX_THREADS'] = '2'
  return (await import('nodejs-polars')).default
}

/** All columns as text; a blank cell is an empty text, not null. */
export const read = (pl: typeof Polars.default, file: string): DataFrame => pl.readCSV(file, { inferSchemaLength: 0, missingIsNull: false })
