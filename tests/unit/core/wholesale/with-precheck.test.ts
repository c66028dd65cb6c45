import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkTable } from '../../../../shared/core/rules/check-table.ts'
import type { Finding } from '../../../../shared/core/rules/finding.ts'
import { precheckFinding } from '../../../../shared/core/wholesale/precheck-words.ts'
import { withPrecheck } from '../../../../shared/core/wholesale/with-precheck.ts'
import { recogniseColumns } from '../../../../shared/core/catalogue/recognise.ts'
import { userCells, userFile, userHeader } from '../../../support/user-file.ts'
import { readOk } from '../../../support/tables.ts'

const email = 'User ID/Email (Required)'
const { table, facts } = readOk(
  userFile([
    userCells(0, { 'Phone Number': '4721538300' }),
    userCells(1),
    userCells(2, { 'First Name': ' Ingrid', 'Phone Number': '4721538302' }),
  ]),
)
const columns = recogniseColumns([...userHeader])
const own = checkTable({ table, facts, columns })
const asked = (row: number, severity: 'error' | 'warning' = 'error'): Finding => ({
  rule: 'wholesale/precheck',
  severity,
  row,
  column: email,
  value: 'x',
  message: 'no',
})

test('what the precheck says stands among the findings, by row and column, and is counted with them', () => {
  const all = withPrecheck(own, { unavailable: false, findings: [asked(3), asked(4, 'warning')] }, { table, columns })
  const places = Array.from({ length: all.count }, (_, index) => {
    const { rule, row, column } = all.describe(index, 'en')
    return [row, column, rule]
  })
  expect(places).toEqual([
    [2, 'Phone Number', 'phone/no-plus'],
    [3, email, 'wholesale/precheck'],
    [4, 'First Name', 'text/surrounding-space'],
    [4, email, 'wholesale/precheck'],
    [4, 'Phone Number', 'phone/no-plus'],
  ])
  expect(all.summary).toEqual({ ...own.summary, error: own.summary.error + 1, warning: own.summary.warning + 1 })
  expect(all.byRule).toEqual({ ...own.byRule, 'wholesale/precheck': 2 })
  expect(all.placeOf(1)).toEqual({ rule: 'wholesale/precheck', severity: 'error', row: 1, column: userHeader.indexOf(email) })
  expect(withPrecheck(own, { unavailable: true, findings: [] }, { table, columns }).notRun).toContainEqual({
    rule: 'wholesale/precheck',
    needs: 'precheck',
  })
})

test('nothing of the check is lost or moved, whatever was asked online', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 4 })), (rows) => {
      const findings = rows.toSorted((a, b) => a - b).map((row) => asked(row))
      const all = withPrecheck(own, { unavailable: false, findings }, { table, columns })
      const told = Array.from({ length: all.count }, (_, index) => all.describe(index, 'nb'))
      expect(told.filter(({ rule }) => rule !== 'wholesale/precheck')).toEqual(
        Array.from({ length: own.count }, (_, index) => own.describe(index, 'nb')),
      )
      expect(told.filter(({ rule }) => rule === 'wholesale/precheck')).toEqual(findings)
      const placed = told.map(({ row, column }) => [row ?? 0, columns.findIndex(({ header }) => header === column)] as const)
      expect(placed).toEqual(placed.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]))
    }),
  )
})

test('a sound user has no finding, one with a remark has a warning', () => {
  const item = { row: 2, email: 'k@x.no' }
  expect(precheckFinding(item, { kind: 'sound', remarks: [] }, 'en')).toBeNull()
  expect(precheckFinding(item, { kind: 'sound', remarks: ['101: must consent'] }, 'da')).toMatchObject({
    severity: 'warning',
    message: 'Webex ville tage imod denne bruger, men bemærker: 101: must consent.',
  })
})
