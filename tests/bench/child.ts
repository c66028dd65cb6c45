// One measured run in a fresh process: `node child.ts RUNNER ARGS`. Prints one line of JSON.
import { readFileSync } from 'node:fs'
import type { Runner } from './part.ts'

const [runnerFile = '', json = '{}'] = process.argv.slice(2)
const args = JSON.parse(json) as Readonly<Record<string, unknown>>
const runner = (await import(new URL(runnerFile, import.meta.url).href)) as Runner
const prepared = await runner.prepare?.(args)
const started = performance.now()
const outcome = await runner.run(args, prepared)
const ms = performance.now() - started
const megabytes = peak() + (runner.megabytesBeside?.(outcome) ?? 0)
const check = runner.check(outcome, prepared)
const stages = runner.stages?.(outcome) ?? {}
process.stdout.write(`\n@@${JSON.stringify({ ms, megabytes, check, stages })}\n`, () => process.exit(0))

/** `maxRSS` of a child begins with the parent's on Linux, so the kernel's own word is taken where there is one. */
function peak(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/u.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
