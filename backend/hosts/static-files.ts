import { readdir } from 'node:fs/promises'
import path from 'node:path'

export interface StaticFile {
  readonly path: string
  readonly type: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.csv': 'text/csv; charset=utf-8',
}

/**
 * The files of the built window by the path of their address, read from the folder once. Only what stands in this list is ever
 * opened, so no address can lead out of the folder.
 */
export async function listStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue
    const full = path.join(entry.parentPath, entry.name)
    const type = types[path.extname(entry.name)]
    if (type !== undefined) files.set(`/${path.relative(folder, full).split(path.sep).join('/')}`, { path: full, type })
  }
  const page = files.get('/index.html')
  if (page !== undefined) files.set('/', page)
  return files
}
