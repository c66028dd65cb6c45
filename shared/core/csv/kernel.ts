import { kernelCode } from './kernel-code.ts'

/** What `kernel/rows.ts` exports; its comments say what each does. Places are addresses in `memory`. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly consumed: { readonly value: number }
  readonly crlf: { readonly value: number }
  readonly oddCellCount: { readonly value: number }
  begin(columnCount: number, delimiter: number, blockBytes: number, mostRows: number, longestRow: number): void
  blockAt(): number
  scratchAt(): number
  rowStartsAt(): number
  oddCellsAt(): number
  outputAt(column: number): number
  codeCount(column: number): number
  entriesAt(column: number): number
  /** 0: no. */
  hasHashes(column: number): number
  describeCodes(column: number): void
  turnPlain(column: number): void
  codeOfScratch(column: number, length: number): number
  readRows(length: number, address: number): number
}

/** As much of the platform's WebAssembly as is used; it is part of no language library without a DOM. */
interface WasmPlatform {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}
interface Platform {
  readonly WebAssembly?: WasmPlatform
  readonly atob?: (base64: string) => string
}

/** A kernel that grew beyond this is not kept for the next file. */
const mostKeptBytes = 64 * 1024 * 1024

let module: object | null = null
let kept: Kernel | null = null
let isOffered = true

/**
 * A kernel for one file: whoever borrowed it has it alone until it is given back. Null where the platform has no WebAssembly with
 * vectors, or forbids it: then the twin in TypeScript reads.
 */
export function borrowKernel(): Kernel | null {
  if (!isOffered) return null
  if (kept !== null) {
    const kernel = kept
    kept = null
    return kernel
  }
  const { WebAssembly, atob } = globalThis as Platform
  if (WebAssembly === undefined || atob === undefined) return null
  try {
    module ??= new WebAssembly.Module(Uint8Array.from(atob(kernelCode), (character) => character.charCodeAt(0)))
    return new WebAssembly.Instance(module, { env: { abort: kernelFailed } }).exports as Kernel
  } catch {
    isOffered = false
    return null
  }
}

/** Nothing of its memory may be held any more. */
export function giveBack(kernel: Kernel): void {
  if (kernel.memory.buffer.byteLength <= mostKeptBytes) kept = kernel
}

function kernelFailed(): never {
  throw new Error('the CSV kernel stopped')
}
