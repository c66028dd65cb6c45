import { readFileSync, writeFileSync } from 'node:fs'
import { TextDecoder } from 'node:util'
import path from 'node:path'
import Papa from 'papaparse'
import { decisions, numberDecisions } from './decisions.mjs'
import { expect, say } from './say.mjs'

/** The person's part: reads the fixed file, decides in two rounds with a check between, and writes the repaired one. */
export function decide(folder, findings, checkAgain) {
  const repaired = path.join(folder, 'nordfjell-repaired.csv')
  const edit = (sheet, round, found) => {
    for (const { says, decision } of round) decided(says, decision(sheet, found))
    writeFileSync(repaired, `${Papa.unparse(sheet.rows(), { newline: '\r\n' })}\r\n`)
  }
  say('\nA person decides, and edits the file:')
  const fixed = new TextDecoder('windows-1252').decode(readFileSync(path.join(folder, 'nordfjell-fixed.csv')))
  edit(createSheet(Papa.parse(fixed, { delimiter: ';' }).data), numberDecisions, findings)
  const { findings: left } = checkAgain()
  edit(createSheet(Papa.parse(readFileSync(repaired, 'utf8'), { delimiter: ',' }).data), decisions, left)
}

function decided(says, count) {
  expect(count > 0, `there was nothing to decide for "${says}"`)
  say(`  a person decides: ${says}${count > 1 ? ` (${count})` : ''}`)
}

/** The lines of the file by spreadsheet row number. Deleted and empty lines keep their number until the file is written. */
function createSheet(lines) {
  const [header] = lines
  const column = (name) => {
    const at = header.indexOf(name)
    expect(at >= 0, `there is no column "${name}"`)
    return at
  }
  const deleted = new Set()
  const isEmpty = (cells) => cells.every((cell) => cell === '')
  return {
    set: (row, name, text) => void (lines[row - 1][column(name)] = text),
    get: (row, name) => lines[row - 1][column(name)],
    delete: (row) => void deleted.add(row),
    packageColumn: (name) => header.find((text) => text.startsWith(`${name} [`)),
    rowOf(given) {
      const at = lines.findIndex((cells) => cells[0] === given && /^(?:Prøv|SÃ¸rlie|$)/u.test(cells[1] ?? ''))
      expect(at > 0, `there is no ${given}`)
      return at + 1
    },
    rows: () => lines.filter((cells, at) => !isEmpty(cells) && !deleted.has(at + 1)),
  }
}
