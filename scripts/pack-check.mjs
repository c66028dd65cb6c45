// `npm run pack:check`: packs the app as for a release, but around a file that stands for Electron's binary, so that it works
// without a network. Proves that the settings are understood, that the archive holds what runs and nothing else, and that the fuses
// were set.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inRoot, root } from '../bin/launch.mjs'

/** What @electron/fuses looks for in a binary: this text, a version, the number of fuses, and one character for each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuses = [
  ['RunAsNode', '0'],
  ['EnableCookieEncryption', '1'],
  ['EnableNodeOptionsEnvironmentVariable', '0'],
  ['EnableNodeCliInspectArguments', '0'],
  ['EnableEmbeddedAsarIntegrityValidation', '1'],
  ['OnlyLoadAppFromAsar', '1'],
  ['LoadBrowserProcessSpecificV8Snapshot', 'r'],
  ['GrantFileProtocolExtraPrivileges', '0'],
]
const must = [
  '/out/main/index.js',
  '/out/main/engine-worker.js',
  '/out/main/workbook-child.js',
  '/out/preload/index.cjs',
  '/out/renderer/index.html',
]

const folder = mkdtempSync(path.join(tmpdir(), 'roster-pack-'))
try {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules', 'electron', 'package.json'), 'utf8'))
  const dist = path.join(folder, 'dist')
  mkdirSync(path.join(dist, 'resources'), { recursive: true })
  writeFileSync(path.join(dist, 'version'), version)
  writeFileSync(
    path.join(dist, 'electron'),
    Buffer.concat([
      Buffer.from('#!/bin/sh\nexit 69\n'),
      Buffer.from(sentinel),
      Buffer.from([1, fuses.length]),
      Buffer.from('r'.repeat(fuses.length)),
    ]),
    { mode: 0o755 },
  )
  run('scripts/build.mjs', '--if-stale')
  const output = path.join(folder, 'release')
  const target = ['--linux', 'dir', '--publish', 'never']
  run('node_modules/electron-builder/cli.js', ...target, `-c.electronDist=${dist}`, `-c.directories.output=${output}`)

  const app = path.join(output, 'linux-unpacked')
  const names = archived(path.join(app, 'resources', 'app.asar'))
  const missing = must.filter((name) => !names.includes(name))
  const surplus = names.filter((name) => !/^\/(?:out|resources|package\.json)/.test(name) || /node_modules|\.stamp$|\.map$/.test(name))
  const wire = fusesOf(readFileSync(path.join(app, 'roster')))
  const wrong = fuses.filter(([, wanted], place) => wire[place] !== wanted).map(([name]) => name)
  if (missing.length > 0) fail(`the archive lacks ${missing.join(', ')}`)
  if (surplus.length > 0) fail(`the archive also holds ${surplus.slice(0, 10).join(', ')}`)
  if (wrong.length > 0) fail(`fuses are not as they should be: ${wrong.join(', ')}`)
  if (process.exitCode === undefined)
    process.stdout.write(`packed: ${String(names.length)} files and folders, ${String(fuses.length)} fuses as they should be\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function run(program, ...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRoot(program), ...words], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed:\n${stdout}\n${stderr}`)
}

/** Names in an asar archive: its header is a JSON text between length fields. */
function archived(file) {
  const bytes = readFileSync(file)
  const { files } = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12)))
  const walk = (folder, at) =>
    Object.entries(folder).flatMap(([name, { files: inside }]) => [
      `${at}/${name}`,
      ...(inside === undefined ? [] : walk(inside, `${at}/${name}`)),
    ])
  return walk(files, '')
}

function fusesOf(binary) {
  const at = binary.indexOf(sentinel)
  if (at === -1) return ''
  const start = at + sentinel.length
  return binary.toString('latin1', start + 2, start + 2 + binary[start + 1])
}

function fail(why) {
  process.stderr.write(`pack-check: ${why}\n`)
  process.exitCode = 1
}
