import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Before tests that run the built program: the output is as new as its sources. */
export default function buildOnce(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--if-stale'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The build failed:\n${stderr}`)
}
