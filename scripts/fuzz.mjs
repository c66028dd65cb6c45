// `npm run fuzz [RUNS]`: the reader of CSV against so many mutilated files (10,000), where the ordinary tests take 2,000.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const runs = process.argv[2] ?? '10000'
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'core', 'tests/laws/csv.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, ROSTER_FUZZ_RUNS: runs },
})
process.exitCode = status ?? 1
