// `npm run demo`: the whole main job over the sample files, on the command line, as a person would do it. Every command is a process
// of its own; the repairs that only a person can decide are written down below, each with its reason.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { inRoot, nodeOrFail, runInPlace } from '../bin/launch.mjs'
import { decide } from './demo/decide.mjs'
import { Unexpected, expect, say } from './demo/say.mjs'

const node = nodeOrFail()

async function demo() {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-demo-'))
  const isKept = process.argv.includes('--keep')
  try {
    cpSync(inRoot('resources', 'samples'), folder, { recursive: true })
    await mainJob(folder)
  } catch (problem) {
    if (!(problem instanceof Unexpected)) throw problem
    say(`\nThe demo stopped: ${problem.message}`)
    process.exitCode = 1
  } finally {
    if (isKept) say(`\nEverything is kept in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

async function mainJob(folder) {
  const { run, ask } = commandLine(folder)
  const sample = ['--customer', 'nordfjell.json', '--baseline', 'nordfjell-export.csv']

  title('What the file is')
  run(0, ['inspect', 'nordfjell-november.csv'], { lines: 8 })

  title('Every mistake in it')
  const found = ask(1, ['check', 'nordfjell-november.csv', ...sample])
  sayFindings(found)

  title('Repair what is safe to repair')
  run(0, ['fix', 'nordfjell-november.csv', ...sample, '-o', 'nordfjell-fixed.csv'])

  title('What is left for a person to decide')
  const left = ask(1, ['check', 'nordfjell-fixed.csv', ...sample])
  sayFindings(left)
  decide(folder, left.findings, () => ask(1, ['check', 'nordfjell-repaired.csv', ...sample]))

  title('Is it clean now?')
  const repaired = ask(1, ['check', 'nordfjell-repaired.csv', ...sample])
  sayFindings(repaired)
  const removals = repaired.byRule['package/removal'] ?? 0
  expect(repaired.summary.error === removals, 'errors other than removals are left')
  say(`No mistake is left. The ${removals} removals stay errors until somebody confirms them by their number, below.`)

  title('The provisioning store is new: take over what the customer has, by the same way as any change')
  const first = ask(0, ['submit', 'nordfjell-export.csv', '--customer', 'nordfjell.json', '--as', 'Kari', '--message', 'Taken over'])
  run(0, ['approve', first.batch, '--as', 'Ola'])
  run(0, ['push', first.batch, '--as', 'Ola'])

  title('What the November list would change')
  run(2, ['diff', 'nordfjell-export.csv', 'nordfjell-repaired.csv', '--customer', 'nordfjell.json'], { lines: 14 })

  title('Submit it. Removals must be confirmed by their number')
  const submission = ['submit', 'nordfjell-repaired.csv', '--customer', 'Nordfjell Logistikk AS', '--from-store', '--as', 'Kari']
  run(77, submission)
  const { batch, digest, summary } = ask(0, [...submission, '--confirm-removals', String(removals), '--message', 'November'])
  say(`  ${batch}  ${digest}`)
  say(`  add ${summary.add}, update ${summary.update}, package ${summary.packageChange}, remove ${summary.remove}`)

  title('Four eyes')
  run(77, ['push', batch, '--as', 'Ola'])
  run(77, ['approve', batch, '--as', 'Kari'])
  run(0, ['approve', batch, '--as', 'Ola', '--message', 'Talked it over with the terminal'])

  title('Push, once')
  const pushed = ask(0, ['push', batch, '--as', 'Ola'])
  const { items, state } = pushed
  say(`  ${state}: ${items.applied} of ${items.total} items applied, ${items.refused} refused`)
  expect(state === 'applied' && items.applied === items.total, 'not every item was applied')
  const after = ask(0, ['store', 'status'])
  say(`  ${after.subscribers} subscribers, serial ${after.serial}`)
  title('Push again: nothing changes')
  const again = run([0, 77], ['push', batch, '--as', 'Ola'])
  const still = ask(0, ['store', 'status'])
  say(`  ${still.subscribers} subscribers, serial ${still.serial}`)
  expect(JSON.stringify(still) === JSON.stringify(after), `the second push (exit code ${again.code}) changed the store`)

  title('The files for Control Hub')
  run(0, ['export', 'nordfjell-repaired.csv', '-o', 'control-hub', ...sample])
  listFolder(path.join(folder, 'control-hub'))

  title('The audit log and the receipt')
  run(0, ['audit', 'verify'])
  await verifyReceiptFile(pushed.receipt, { batch, digest, applied: items.applied })
}

let chapter = 0
const title = (text) => say(`\n${String(++chapter)}. ${text}`)
const indented = (text) => text.replace(/^(?=.)/gm, '  ')

/** Runs `bin/roster.mjs` in the folder, shows what a person would have typed, and insists on the exit code. */
function commandLine(folder) {
  const environment = { ...process.env, ROSTER_DATA_DIR: path.join(folder, 'data') }
  const start = (codes, words) => {
    say(`\n$ roster ${words.map(quoted).join(' ')}`)
    const ended = spawnSync(node, [inRoot('bin', 'roster.mjs'), ...words], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (![codes].flat().includes(ended.status)) {
      const what = ended.status === null ? `ended by ${ended.signal ?? ended.error?.message}` : `ended with exit code ${ended.status}`
      throw new Unexpected(
        `"roster ${words[0]}" ${what}, where ${[codes].flat().join(' or ')} was expected.\n${ended.stderr}${ended.stdout.slice(0, 4000)}`,
      )
    }
    return ended
  }
  return {
    run(codes, words, { lines = 40 } = {}) {
      const { stdout, stderr, status } = start(codes, words)
      const all = `${stdout}${stderr}`.trimEnd().split('\n')
      say(indented(all.slice(0, lines).join('\n')))
      if (all.length > lines) say(`  … ${all.length - lines} lines more`)
      if (status !== 0) say(`  (exit code ${status})`)
      return { code: status }
    },
    ask: (codes, words) => JSON.parse(start(codes, [...words, '--json']).stdout),
  }
}

const quoted = (word) => (/[^\w.,:/+@=-]/u.test(word) ? `"${word}"` : word)

function sayFindings({ rows, summary, byRule }) {
  say(`  ${rows} users: ${summary.error} errors, ${summary.warning} warnings, ${summary.info} notes`)
  const entries = Object.entries(byRule).sort(([, a], [, b]) => b - a)
  const width = Math.max(...entries.map(([rule]) => rule.length)) + 2
  const cells = entries.map(([rule, count]) => `${String(count).padStart(7)}  ${rule.padEnd(width)}`)
  for (let at = 0; at < cells.length; at += 3)
    say(
      cells
        .slice(at, at + 3)
        .join('')
        .trimEnd(),
    )
}

function listFolder(folder) {
  for (const name of readdirSync(folder).sort()) say(`  control-hub/${name}  ${readFileSync(path.join(folder, name)).length} bytes`)
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
  for (const file of manifest.files) {
    const bytes = readFileSync(path.join(folder, file.name))
    expect(
      createHash('sha256').update(bytes).digest('hex') === file.sha256.replace('sha256:', ''),
      `${file.name} is not what the manifest says`,
    )
  }
  say(`  Import mode: ${manifest.importMode ?? manifest.mode}. Every file is what the manifest says.`)
}

async function verifyReceiptFile(file, wanted) {
  const { verifyReceipt } = await import('../shared/core/batch/receipt.ts')
  const receipt = JSON.parse(readFileSync(file, 'utf8'))
  const problems = verifyReceipt(receipt, { sha256: (text) => createHash('sha256').update(text).digest('hex') })
  expect(problems.length === 0, `the receipt does not hold: ${problems.join(', ')}`)
  expect(receipt.batch === wanted.batch && receipt.digest === wanted.digest, 'the receipt is of another batch')
  expect(receipt.counts.applied === wanted.applied, 'the receipt counts other items')
  say(
    `\nReceipt verified: ${receipt.batch}, ${receipt.counts.applied} items applied, approved by ${receipt.approvals.map(({ by }) => by).join(', ')}, ${receipt.receiptDigest}`,
  )
}

if (node === process.execPath) await demo()
else runInPlace(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)])
