// Builds Roster: `node scripts/build.mjs [--if-stale] [main] [preload] [renderer]`, all three parts when none is named.
// One build at a time: a second one waits, and with --if-stale finds nothing left to do.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import path from 'node:path'
import { resolveConfig } from 'electron-vite'
import { build } from 'vite'
import { fingerprintOf, inRoot, isStale, root, stampOf } from '../bin/launch.mjs'

const everything = ['main', 'preload', 'renderer']
const words = process.argv.slice(2)
const ifStale = words.includes('--if-stale')
const named = words.filter((word) => !word.startsWith('--'))
const unknown = named.filter((word) => !everything.includes(word))
if (unknown.length > 0) {
  process.stderr.write(`build: there is no part "${unknown[0]}"; the parts are ${everything.join(', ')}\n`)
  process.exit(64)
}

const lock = inRoot('out', '.build-lock')
const owner = path.join(lock, 'pid')

await takeLock()
try {
  process.chdir(root)
  const wanted = named.length === 0 ? everything : named
  await buildSections(ifStale ? wanted.filter(isStale) : wanted)
} catch (error) {
  process.stderr.write(`build: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 70
} finally {
  rmSync(lock, { recursive: true, force: true })
}

async function buildSections(sections) {
  if (sections.length === 0) return
  const started = performance.now()
  process.env.NODE_ENV_ELECTRON_VITE = 'production'
  const { config } = await resolveConfig(
    { root, configFile: inRoot('electron.vite.config.ts'), logLevel: 'warn', ignoreConfigWarning: true },
    'build',
    'production',
  )
  for (const section of sections) {
    const options = config?.[section]
    rmSync(stampOf(section), { force: true })
    // Taken before the build: what changes meanwhile makes the part stale again.
    const fingerprint = fingerprintOf(section)
    // A part that has no sources yet is built when it is nothing.
    if (options !== undefined) await build(options)
    mkdirSync(inRoot('out', section), { recursive: true })
    writeFileSync(stampOf(section), fingerprint)
  }
  process.stderr.write(`built ${sections.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

/** The folder is the lock: making it either succeeds or says that another build is at work. */
async function takeLock() {
  mkdirSync(path.dirname(lock), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      writeFileSync(owner, String(process.pid))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned()) removeAbandoned()
    else await sleep(50)
  }
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(owner, 'utf8'))
    if (pid > 0) return !isAlive(pid)
    return Date.now() - statSync(lock).mtimeMs > 5000
  } catch {
    // Released meanwhile, or not yet signed by its owner; only an old unsigned lock is nobody's.
    try {
      return Date.now() - statSync(lock).mtimeMs > 5000
    } catch {
      return false
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Moved aside first: of several that wait, one succeeds, and none can remove a lock that was newly taken. */
function removeAbandoned() {
  const aside = `${lock}-${process.pid}-${Date.now()}`
  try {
    renameSync(lock, aside)
    rmSync(aside, { recursive: true, force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
