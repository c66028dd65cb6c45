import { readFileSync } from 'node:fs'

/** The floor: the bytes in memory, and nothing made of them. */
export const run = ({ file }: { readonly file: string }): Buffer => readFileSync(file)
export const check = (bytes: Buffer): unknown => ({ bytes: bytes.length })
