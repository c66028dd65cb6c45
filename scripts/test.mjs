// `npm test`: everything that proves Roster, one step after the other, then one line of counts. A step that fails does not
// hide the others. What cannot run on this machine is named with its reason; nothing is skipped in silence.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { inRoot, nodeOrFail, root } from '../bin/launch.mjs'

const node = nodeOrFail()
const reports = mkdtempSync(path.join(tmpdir(), 'roster-test-'))
/** The script behind a package's command, whatever the package calls the file. */
const bin = (name, command = name) => {
  const { bin: programs } = JSON.parse(readFileSync(inRoot('node_modules', name, 'package.json'), 'utf8'))
  return inRoot('node_modules', name, typeof programs === 'string' ? programs : programs[command])
}
const vitest = (project) => ({
  words: [bin('vitest'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report(project)}`],
  count: () => vitestCounts(report(project)),
})
const playwright = (project) => ({
  words: [bin('@playwright/test', 'playwright'), 'test', '--project', project],
  env: { ROSTER_TEST_REPORT: report(project) },
  count: () => playwrightCounts(report(project)),
})
const report = (name) => path.join(reports, `${name}.json`)

/** Each step: the words for Node, and how many tests it held. Without `count` the step is one test: it holds or it does not. */
const steps = [
  { name: 'types', words: [bin('typescript', 'tsc'), '-b'] },
  { name: 'types of the window', words: [bin('vue-tsc'), '--noEmit', '-p', 'renderer/tsconfig.json'] },
  { name: 'lint', words: [bin('eslint'), '.', '--max-warnings', '0'] },
  { name: 'format', words: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'layers', words: [bin('dependency-cruiser', 'depcruise'), 'shared', 'backend', 'electron', 'renderer'] },
  { name: 'dead code', words: [bin('knip'), '--no-progress'] },
  { name: 'build', words: [inRoot('scripts', 'build.mjs')] },
  { name: 'core', ...vitest('core') },
  { name: 'window', ...vitest('window') },
  { name: 'real', ...vitest('real') },
  { name: 'browser', ...playwright('loopback') },
  { name: 'desktop', ...playwright('desktop') },
]

let passed = 0
let failed = 0
const lines = []
const only = process.argv.slice(2)
for (const step of steps) {
  if (only.length > 0 && !only.includes(step.name)) continue
  process.stdout.write(`\n── ${step.name}\n`)
  const started = Date.now()
  const { status } = spawnSync(node, step.words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: surroundings(step.env) })
  const counts = step.count?.() ?? { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: [] }
  // A runner that fell over before it counted has failed, whatever it counted.
  if (status !== 0 && counts.failed === 0)
    Object.assign(counts, { failed: 1, failures: [`it ended with exit code ${status}, its own words stand above`] })
  passed += counts.passed
  failed += counts.failed
  lines.push(
    `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${step.name}: ${counts.passed} passed, ${counts.failed} failed (${((Date.now() - started) / 1000).toFixed(0)} s)`,
  )
  for (const why of counts.skipped ?? []) lines.push(`     not run here: ${why}`)
  for (const why of counts.failures ?? []) lines.push(`     failed: ${why}`)
  for (const title of counts.secondTry ?? []) lines.push(`     held only at its second try: ${title}`)
}
rmSync(reports, { recursive: true, force: true })
process.stdout.write(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1

function surroundings(more = {}) {
  const withNode = `${inRoot('node_modules', '.bin')}${path.delimiter}${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`
  return { ...process.env, FORCE_COLOR: undefined, PATH: withNode, NO_COLOR: '1', ...more }
}

function vitestCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] }
  const result = JSON.parse(readFileSync(file, 'utf8'))
  const skipped = result.testResults.flatMap((suite) =>
    suite.assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending').map(({ fullName }) => fullName),
  )
  const failures = result.testResults.flatMap((suite) => [
    ...suite.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${path.basename(suite.name)} › ${fullName}: ${firstLine(failureMessages[0])}`),
    ...(isBroken(suite) ? [`${path.basename(suite.name)}: ${firstLine(suite.message)}`] : []),
  ])
  return { passed: result.numPassedTests, failed: result.numFailedTests + result.testResults.filter(isBroken).length, skipped, failures }
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).trim().split('\n', 1)[0]
}

/** A file that could not even be loaded holds no test and has failed all the same. */
function isBroken(suite) {
  return suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed')
}

function playwrightCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] }
  const { stats, suites, errors } = JSON.parse(readFileSync(file, 'utf8'))
  const skipped = []
  const failures = errors.map(({ message }) => firstLine(message))
  const secondTry = []
  const note = (spec, test) => {
    const last = test.results.at(-1)
    if (test.status === 'skipped')
      skipped.push(`${spec.title}: ${test.annotations.map(({ description }) => description).join(', ') || 'no reason given'}`)
    if (test.status === 'unexpected') failures.push(`${spec.file}:${spec.line} › ${spec.title}: ${firstLine(last?.error?.message)}`)
    if (test.status === 'flaky') secondTry.push(`${spec.file}:${spec.line} › ${spec.title}: ${firstLine(test.results[0]?.error?.message)}`)
  }
  const walk = (suite) => {
    for (const spec of suite.specs ?? []) for (const test of spec.tests) note(spec, test)
    for (const inner of suite.suites ?? []) walk(inner)
  }
  for (const suite of suites) walk(suite)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped, failures, secondTry }
}
