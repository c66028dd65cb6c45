import { spawnSync } from 'node:child_process'
import type { StartOf } from './bundle.ts'
import type { Case, Measured } from './part.ts'

const limitMs = 10 * 60_000

interface Run {
  readonly ms: number
  readonly megabytes: number
  readonly check: unknown
  readonly stages: Readonly<Record<string, number>>
}

/** Every case in turn, then the next round. A runner that finds different things in different runs is not measured but broken. */
export function measure(cases: readonly Case[], startOf: StartOf, note: (text: string) => void): ReadonlyMap<string, Measured> {
  const runs = new Map<string, Run[]>(cases.map(({ id }) => [id, []]))
  const rounds = Math.max(...cases.map((one) => one.runs))
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      if (round >= one.runs) continue
      const run = runOnce(one, startOf)
      runs.get(one.id)?.push(run)
      note(`${one.id}  ${run.ms.toFixed(0)} ms  ${run.megabytes.toFixed(0)} MB`)
    }
  }
  return new Map([...runs].map(([id, all]) => [id, summarised(id, all)]))
}

function runOnce({ id, runner, args, heapMegabytes = 8192 }: Case, startOf: StartOf): Run {
  const start = startOf(runner)
  const ended = spawnSync(process.execPath, [`--max-old-space-size=${heapMegabytes}`, start.program, start.runner, JSON.stringify(args)], {
    encoding: 'utf8',
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  })
  const line = ended.stdout.split('\n').find((text) => text.startsWith('@@'))
  if (line === undefined) throw new Error(`${id}: ${ended.signal ?? `exit code ${String(ended.status)}`}\n${ended.stderr.slice(-2000)}`)
  return JSON.parse(line.slice(2)) as Run
}

function summarised(id: string, runs: readonly Run[]): Measured {
  const [first] = runs
  if (first === undefined) throw new Error(`${id} was not run`)
  const check = JSON.stringify(first.check)
  if (runs.some((run) => JSON.stringify(run.check) !== check)) throw new Error(`${id} found different things in different runs`)
  const middle = (values: readonly number[]): number => median(values)
  return {
    ms: middle(runs.map((run) => run.ms)),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
    stages: Object.fromEntries(Object.keys(first.stages).map((stage) => [stage, middle(runs.map((run) => run.stages[stage] ?? 0))])),
    check: first.check,
    runs: runs.length,
    slowest: Math.max(...runs.map((run) => run.ms)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
