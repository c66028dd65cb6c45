import type { FileAccess } from '../../ports/file-access.ts'
import type { SettingsStore } from '../../ports/settings-store.ts'

/** `settings.json`, the shape that electron-store writes, too. An unreadable file is kept beside the new one when settings are saved. */
export function createJsonSettings(file: string, files: FileAccess): SettingsStore {
  async function read(): Promise<{ readonly settings: Readonly<Record<string, unknown>> | null; readonly damaged: Uint8Array | null }> {
    const content = await files.read(file)
    if (!content.ok) return { settings: null, damaged: null }
    // An editor that saved it by hand may have put a byte order mark in front; the decoder takes it away.
    const settings = parseObject(new TextDecoder().decode(content.value))
    return { settings, damaged: settings === null ? content.value : null }
  }
  return {
    read: async () => (await read()).settings,
    async write(settings) {
      const { damaged } = await read()
      if (damaged !== null) await files.write(`${file}.unreadable`, damaged, { replace: true })
      return files.write(file, Buffer.from(`${JSON.stringify(settings, null, 2)}\n`), { replace: true })
    },
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
