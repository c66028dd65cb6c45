import { settingsPatchSchema, type Settings } from '../../shared/contract/batch-methods.ts'
import { firstProblem } from '../../shared/contract/dispatch.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import { fileError } from './problems.ts'
import type { World } from './world.ts'

export const defaultSettings: Settings = { language: 'en', theme: 'system', density: 'normal', person: '', maxRows: 20_000, zoom: 100 }

export interface SettingsService {
  get(): Promise<Settings>
  set(patch: Partial<Settings>): Promise<Result<Settings, AppError>>
}

/** A saved value that does not fit (an older version's, a hand edit) counts as not set; it stays in the file. */
export function createSettings({ settings }: Pick<World, 'settings'>): SettingsService {
  const get = async (): Promise<Settings> => {
    const saved = Object.entries((await settings.read()) ?? {})
    const fitting = saved.filter(
      ([name, value]) => name in defaultSettings && firstProblem(settingsPatchSchema, { [name]: value }) === null,
    )
    return { ...defaultSettings, ...Object.fromEntries(fitting) }
  }
  return {
    get,
    async set(patch) {
      const written = await settings.write({ ...(await settings.read()), ...patch })
      return written.ok ? ok(await get()) : err(fileError(written.error))
    },
  }
}
