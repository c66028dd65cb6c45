import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../support/process.ts'

/** For each rule of .dependency-cruiser.cjs the smallest files that break it. */
const plants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': {
    'shared/core/zz-a.ts': "import { b } from './zz-b.ts'\nexport const a = () => b",
    'shared/core/zz-b.ts': "import { a } from './zz-a.ts'\nexport const b = () => a",
  },
  'no-unresolved': { 'backend/services/zz-no-unresolved.ts': "import './nowhere.ts'" },
  'kit-is-the-floor': { 'shared/kit/zz-kit-is-the-floor.ts': "export type { RowId } from '../core/table/table.ts'" },
  'core-knows-only-kit': { 'shared/core/zz-core-knows-only-kit.ts': "export type { AppError } from '../contract/app-error.ts'" },
  'shared-is-closed': { 'shared/contract/zz-shared-is-closed.ts': "export type { Clock } from '../../backend/ports/clock.ts'" },
  'shared-runs-anywhere': { 'shared/core/zz-shared-runs-anywhere.ts': "export { join } from 'node:path'" },
  'shared-packages-listed': { 'shared/core/zz-shared-packages-listed.ts': "export { ref } from 'vue'" },
  'ports-are-words': { 'backend/ports/zz-ports-are-words.ts': "export type { AppError } from '../../shared/contract/app-error.ts'" },
  'services-through-ports': { 'backend/services/zz-services-through-ports.ts': "export * from '../adapters/clock-system/clock-system.ts'" },
  'services-have-no-io': { 'backend/services/zz-services-have-no-io.ts': "export { readFile } from 'node:fs/promises'" },
  'adapters-stand-alone': { 'backend/adapters/zz/zz-adapters-stand-alone.ts': "export * from '../clock-system/clock-system.ts'" },
  'hosts-through-compose': {
    'backend/hosts/cli/zz-hosts-through-compose.ts': "export * from '../../adapters/clock-system/clock-system.ts'",
  },
  'backend-no-electron': { 'backend/services/zz-backend-no-electron.ts': "export { app } from 'electron'" },
  'main-through-compose': {
    'electron/main/zz-main-through-compose.ts': "export * from '../../backend/adapters/clock-system/clock-system.ts'",
  },
  'preload-is-thin': { 'electron/preload/zz-preload-is-thin.ts': "export type { RowId } from '../../shared/core/table/table.ts'" },
  'electron-only-there': { 'renderer/src/zz-electron-only-there.ts': "export { ipcRenderer } from 'electron'" },
  'renderer-speaks-contract': {
    'renderer/src/zz-renderer-speaks-contract.ts': "export type { Clock } from '../../backend/ports/clock.ts'",
  },
  'renderer-no-node': { 'renderer/src/zz-renderer-no-node.ts': "export { readFileSync } from 'node:fs'" },
  'features-are-separate': {
    'renderer/src/features/batches/zz-features-are-separate.ts': "export { default } from '../start/StartPage.vue'",
  },
  'ui-has-no-domain': { 'renderer/src/ui/zz-ui-has-no-domain.ts': "export type { RowId } from '../../../shared/core/table/table.ts'" },
}
const folders = ['shared', 'backend', 'electron', 'renderer']

// The plants stand in a copy, so that a test that is cut short leaves nothing behind in the tree.
let copy = ''
beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'roster-layers-'))
  for (const folder of folders) await cp(path.join(projectRoot, folder), path.join(copy, folder), { recursive: true })
  for (const file of ['.dependency-cruiser.cjs', 'package.json']) await cp(path.join(projectRoot, file), path.join(copy, file))
  await symlink(path.join(projectRoot, 'node_modules'), path.join(copy, 'node_modules'))
})
afterAll(() => rm(copy, { recursive: true, force: true }))

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
}

function violations(): readonly Violation[] {
  const cruise = path.join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const { stdout } = spawnSync(process.execPath, [cruise, ...folders, '--output-type', 'json'], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  return (JSON.parse(stdout) as { readonly summary: { readonly violations: readonly Violation[] } }).summary.violations
}

// One run over all plants: each is told by its own file.
describe('who may import whom', () => {
  test('every rule has its plant', () => {
    const config: { readonly forbidden: readonly { readonly name: string }[] } = createRequire(import.meta.url)(
      '../../.dependency-cruiser.cjs',
    )
    expect(Object.keys(plants)).toEqual(config.forbidden.map(({ name }) => name))
  })
  test('the tree as it is breaks none', () => {
    expect(violations()).toEqual([])
  })
  test('every plant fires its rule', async () => {
    for (const [file, text] of Object.values(plants).flatMap((files) => Object.entries(files))) {
      await mkdir(path.dirname(path.join(copy, file)), { recursive: true })
      await writeFile(path.join(copy, file), `${text}\n`)
    }
    const found = violations()
    const fired = Object.entries(plants)
      .filter(([rule, files]) => found.some((violation) => violation.rule.name === rule && violation.from in files))
      .map(([rule]) => rule)
    expect(fired).toEqual(Object.keys(plants))
  })
})
