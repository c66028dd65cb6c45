import type { Context } from '../context.ts'
import { decide } from '../decide.ts'

export const run = (context: Context): Promise<number> => decide(context, 'rejected')
