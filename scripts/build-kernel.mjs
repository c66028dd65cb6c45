// Builds `kernel/rows.ts` (AssemblyScript) into `shared/core/csv/kernel-code.ts`: `npm run kernel`. With `--check` it only says whether the
// file is what the source gives.
import asc from 'assemblyscript/asc'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const target = path.join(root, 'shared/core/csv/kernel-code.ts')

const options = '-O3 --noAssert --runtime stub --enable simd --enable bulk-memory --initialMemory 2 --maximumMemory 65536'
let wasm
let trouble = ''
const { error } = await asc.main(['kernel/rows.ts', '--outFile', 'rows.wasm', ...options.split(' ')], {
  readFile: (name, base) => {
    try {
      return readFileSync(path.join(base, name), 'utf8')
    } catch {
      return null
    }
  },
  writeFile: (name, contents) => {
    if (name === 'rows.wasm' && typeof contents !== 'string') wasm = contents
  },
  listFiles: () => [],
  stderr: { write: (chunk) => void (trouble += String(chunk)) },
})
if (error !== null || wasm === undefined) {
  process.stderr.write(`${trouble}\n${error?.message ?? 'nothing was built'}\n`)
  process.exit(1)
}
const lines =
  Buffer.from(wasm)
    .toString('base64')
    .match(/.{1,120}/g) ?? []
const text = `// Written by \`npm run kernel\` from kernel/rows.ts. Do not edit.

/** WebAssembly, base64. */
export const kernelCode = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')
`
if (process.argv.includes('--check')) {
  const isCurrent = readFileSync(target, 'utf8') === text
  process.stdout.write(isCurrent ? 'The kernel is what its source gives.\n' : 'The kernel is stale: run `npm run kernel`.\n')
  process.exitCode = isCurrent ? 0 : 1
} else {
  writeFileSync(target, text)
  process.stdout.write(`${path.relative(root, target)}: ${String(wasm.length)} bytes of WebAssembly\n`)
}
