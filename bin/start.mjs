// `npm start`: the desktop window where there can be one, else the same app in a browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfStale, inRoot, nodeOrFail, root, runInPlace } from './launch.mjs'

/** A window that closes with a failure sooner than this never opened. */
const startedAfterMs = 4000
const fetchLimitMs = 5 * 60_000

const node = nodeOrFail()
buildIfStale(['main', 'preload', 'renderer'], node)

const electron = findElectron()
if (electron.path === undefined) serve(electron.reason)
else await openWindow(electron.path)

/** The Electron to run: the one that is named, the one that is here, or one that can be fetched. */
function findElectron() {
  if (!existsSync(inRoot('out', 'main', 'index.js'))) return { reason: 'this copy of Roster brings no desktop window' }
  const { ELECTRON_PATH: named, ELECTRON_OVERRIDE_DIST_PATH: folder } = process.env
  if (named) return existsSync(named) ? { path: named } : { reason: `ELECTRON_PATH names ${named}, and there is no such file` }
  if (folder) {
    const executable = path.join(folder, installedName() ?? 'electron')
    return existsSync(executable) ? { path: executable } : { reason: `ELECTRON_OVERRIDE_DIST_PATH holds no ${path.basename(executable)}` }
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display' }
  const here = installed() ?? fetched()
  return here === null ? { reason: 'the Electron runtime is not here and could not be fetched' } : { path: here }
}

function installedName() {
  const file = inRoot('node_modules', 'electron', 'path.txt')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function installed() {
  const name = installedName()
  if (name === null) return null
  const file = inRoot('node_modules', 'electron', 'dist', name)
  return existsSync(file) ? file : null
}

function fetched() {
  const script = inRoot('node_modules', 'electron', 'install.js')
  if (!existsSync(script)) return null
  spawnSync(node, [script], { cwd: root, stdio: 'ignore', timeout: fetchLimitMs })
  return installed()
}

async function openWindow(program) {
  const started = Date.now()
  const child = spawn(program, [root, ...process.argv.slice(2)], { stdio: 'inherit' })
  const pass = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  let asked = false
  for (const signal of signals)
    process.on(signal, () => {
      asked = true
      pass(signal)
    })
  const { code, failed } = await new Promise((resolve) => {
    child.once('error', () => resolve({ code: 1, failed: true }))
    child.once('exit', (exitCode) => resolve({ code: exitCode ?? 1, failed: exitCode !== 0 }))
  })
  for (const signal of signals) process.removeAllListeners(signal)
  if (failed && !asked && Date.now() - started < startedAfterMs) serve('the Electron runtime that is here does not start')
  else process.exitCode = asked ? 0 : code
}

/** The same app on this machine only, for a browser. */
function serve(reason) {
  process.stderr.write(`No desktop window (${reason}): here is the same app in a browser.\n`)
  const program = inRoot('out', 'main', 'cli.js')
  const words = ['serve', '--open', ...process.argv.slice(2)]
  if (node !== process.execPath) return runInPlace(node, [program, ...words])
  process.argv.splice(1, Infinity, program, ...words)
  return import(pathToFileURL(program).href)
}
