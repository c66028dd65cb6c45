import { settingsPatchSchema, type Settings } from '../../shared/contract/batch-methods.ts'
import { firstProblem } from '../../shared/contract/dispatch.ts'
import { inTurn } from '../../shared/kit/in-turn.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import { fileError } from './problems.ts'
import type { World } from './world.ts'

export const defaultSettings: Settings = { language: 'en', theme: 'system', density: 'normal', person: '', maxRows: 20_000, zoom: 100 }

export interface SettingsService {
  get(): Promise<Settings>
  set(patch: Partial<Settings>): Promise<Result<Settings, AppError>>
  /** Something the person did once and wants again, by a key of the asker's; null where nothing is kept. */
  recall(shelf: Shelf, key: string): Promise<unknown>
  /** Keeps it. The shelf holds the last 200; a shelf that cannot be written is a pity, not a failure of the work. */
  keep(shelf: Shelf, key: string, value: unknown): Promise<void>
}

/** Kinds of things that are kept beside the settings proper. */
export type Shelf = 'mappings' | 'layouts'
const shelfPlaces = 200

/** A saved value that does not fit (an older version's, a hand edit) counts as not set; it stays in the file. */
export function createSettings({ settings }: Pick<World, 'settings'>): SettingsService {
  const get = async (): Promise<Settings> => {
    const saved = Object.entries((await settings.read()) ?? {})
    const fitting = saved.filter(
      ([name, value]) => name in defaultSettings && firstProblem(settingsPatchSchema, { [name]: value }) === null,
    )
    return { ...defaultSettings, ...Object.fromEntries(fitting) }
  }
  // The file is read and written whole, so writers wait for each other.
  const inOrder = inTurn()
  const shelfOf = async (shelf: Shelf): Promise<readonly (readonly [string, unknown])[]> => {
    const kept = (await settings.read())?.[shelf]
    return Array.isArray(kept)
      ? kept.filter((entry): entry is [string, unknown] => Array.isArray(entry) && typeof entry[0] === 'string')
      : []
  }
  return {
    get,
    set: (patch) =>
      inOrder(async () => {
        const written = await settings.write({ ...(await settings.read()), ...patch })
        return written.ok ? ok(await get()) : err(fileError(written.error))
      }),
    async recall(shelf, key) {
      return (await shelfOf(shelf)).find(([name]) => name === key)?.[1] ?? null
    },
    keep: (shelf, key, value) =>
      inOrder(async () => {
        const others = (await shelfOf(shelf)).filter(([name]) => name !== key)
        const kept = [[key, value] as const, ...others].slice(0, shelfPlaces)
        await settings.write({ ...(await settings.read()), [shelf]: kept })
      }),
  }
}
