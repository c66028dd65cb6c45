import { open, type Opened } from './open.ts'

export { warmUp } from './open.ts'

export const run = ({ file }: { readonly file: string }): Promise<Opened> => open(file)
export const check = ({ table }: Opened): unknown => ({ rows: table.rows.length })
