// One measured run in a fresh process: `node child.ts RUNNER ARGS`. Prints one line of JSON.
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { warmRounds, type Runner } from './part.ts'

/** What was compiled in the background is taken up meanwhile, as while a person looks for a file. */
const restMs = 300

type Args = Readonly<Record<string, unknown>>
const [runnerFile = '', json = '{}'] = process.argv.slice(2)
const { warm, ...args } = JSON.parse(json) as Args & { readonly warm?: Args }
const runner = (await import(new URL(runnerFile, import.meta.url).href)) as Runner
await warmUp()
const prepared = await runner.prepare?.(args)
const started = performance.now()
const outcome = await runner.run(args, prepared)
const ms = performance.now() - started
const megabytes = peak() + (runner.megabytesBeside?.(outcome) ?? 0)
const check = runner.check(outcome, prepared)
const stages = runner.stages?.(outcome) ?? {}
process.stdout.write(`\n@@${JSON.stringify({ ms, megabytes, check, stages })}\n`, () => process.exit(0))

async function warmUp(): Promise<void> {
  if (runner.warmUp !== undefined) await runner.warmUp()
  else if (warm !== undefined) for (let round = 0; round < warmRounds; round++) await runner.run(warm, await runner.prepare?.(warm))
  else return
  await setTimeout(restMs)
}

/** `maxRSS` of a child begins with the parent's on Linux, so the kernel's own word is taken where there is one. */
function peak(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/u.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
