// The stand-in executable: reads Electron's command line, makes `electron` the stand-in module, runs the app, starts Chromium.
import { existsSync, readFileSync, statSync } from 'node:fs'
import inspector from 'node:inspector'
import { createRequire, registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setHost } from './world.ts'

const switches: string[] = []
const preloaded: string[] = []
const rest: string[] = []
const words = process.argv.slice(2)
while (words.length > 0) {
  const word = words.shift() ?? ''
  if (rest.length === 0 && (word === '-r' || word === '--require')) preloaded.push(words.shift() ?? '')
  else if (rest.length === 0 && word.startsWith('--')) switches.push(word)
  else rest.push(word)
}

// Playwright waits for the line that this prints: `Debugger listening on ws://…`.
const inspect = switches.find((word) => word.startsWith('--inspect'))
if (inspect !== undefined) inspector.open(Number(inspect.split('=')[1] ?? 0), '127.0.0.1')

const target = path.resolve(rest[0] ?? '.')
const isFolder = statSync(target).isDirectory()
const folder = isFolder ? target : path.dirname(target)
const packageFile = path.join(folder, 'package.json')
const described = (existsSync(packageFile) ? JSON.parse(readFileSync(packageFile, 'utf8')) : {}) as Readonly<Record<string, string>>
setHost({
  switches,
  appPath: folder,
  name: described['productName'] ?? described['name'] ?? 'Electron',
  version: described['version'] ?? '0.0.0',
})

Object.defineProperty(process.versions, 'electron', { value: '45.3.4', enumerable: true })
Object.defineProperty(process.versions, 'chrome', { value: '156.0.0.0', enumerable: true })
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: path.join(folder, 'resources') })
process.argv = [process.argv[0] ?? '', ...(preloaded.length > 0 ? switches : []), ...rest]

const standIn = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(?:\/(?:main|common))?$/u.test(specifier)
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
const { startChromium } = await import('./electron.ts')
const require = createRequire(import.meta.url)
for (const file of preloaded) require(file)
await import(pathToFileURL(isFolder ? path.resolve(target, described['main'] ?? 'index.js') : target).href)
await startChromium()
