import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The built window: beside the built programs, or in the output when run from source. Null where it was not built. */
export function rendererFolder(): string | null {
  const places = ['../renderer/', '../../out/renderer/'].map((place) => fileURLToPath(new URL(place, import.meta.url)))
  return places.find((place) => existsSync(`${place}index.html`)) ?? null
}
