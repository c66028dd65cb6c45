import { describe, expect, it } from 'vitest'
import { kindOf, readErrorFile } from '../../../../shared/core/control-hub/error-file.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'

const read = (header: readonly string[], rows: readonly (readonly string[])[]) => readErrorFile(tableFromRows(header, rows))

describe('an error file of Control Hub', () => {
  it('is read with its columns in any order', () => {
    const found = read(
      ['Tracking ID', 'Error Message', 'Error Code', 'Email', 'Row'],
      [
        ['ROUTER_1', 'Cannot update the user license.', '400', 'kari@firma.no', '17'],
        ['ROUTER_2', 'User exists', '400081', 'ola@firma.no', '18'],
        ['', '', '', '', ''],
      ],
    )
    expect(found).toEqual({
      ok: true,
      value: {
        errors: [
          { email: 'kari@firma.no', row: 17, message: 'Cannot update the user license.', kind: 'licence-not-updated', at: 2 },
          { email: 'ola@firma.no', row: 18, message: 'User exists', kind: 'other', at: 3 },
        ],
        emailColumn: 'Email',
        messageColumn: 'Error Message',
        rowColumn: 'Row',
        passedOver: 1,
      },
    })
  })

  it('is read by what stands in the cells where the headers say nothing', () => {
    const found = read(['A', 'B', 'C'], [['x1', 'User already exists in another org', 'kari@firma.no']])
    expect(found).toMatchObject({ ok: true, value: { emailColumn: 'C', messageColumn: 'B', rowColumn: null } })
  })

  it.each([
    ['Manager Email', 'User ID/Email (Required)'],
    ['Alternate Email 1', 'Email'],
    ['Administrator e-mail', 'E-mail'],
    ['Uploaded by', 'Who'],
    ['Leder e-post', 'Bruker'],
    ['Chefens e-mail', 'Bruger'],
  ])('puts its messages on the users, not on whom “%s” names beside “%s”', (other, own) => {
    const rows = [
      ['sjef@firma.no', 'The number is in use', 'kari@firma.no'],
      ['sjef@firma.no', 'The number is in use', 'ola@firma.no'],
    ]
    expect(read([other, 'Error', own], rows)).toMatchObject({ ok: true, value: { emailColumn: own, errors: [{ email: 'kari@firma.no' }, { email: 'ola@firma.no' }] } }) // prettier-ignore
    const turned = rows.map((row) => row.toReversed())
    expect(read([own, 'Error', other], turned)).toMatchObject({ ok: true, value: { emailColumn: own } })
  })

  it('is read where only one of its last users has a message', () => {
    const rows = Array.from({ length: 500 }, (_, at) => [`Kari Berg ${at}`, `kari${at}@firma.no`, at === 450 ? 'The number is in use' : ''])
    expect(read(['Display Name', 'Email', 'Error'], rows)).toMatchObject({
      ok: true,
      value: { messageColumn: 'Error', errors: [{ email: 'kari450@firma.no', at: 452 }], passedOver: 499 },
    })
  })

  it('is refused where no column holds emails or messages', () => {
    expect(read(['Name', 'Error'], [['Kari', 'No such user']])).toEqual({ ok: false, error: { detail: 'no column holds emails' } })
    expect(read(['Email', 'Name'], [['kari@firma.no', 'Kari']])).toEqual({ ok: false, error: { detail: 'no column holds messages' } })
  })
})

it.each([
  ['Unable to update user attributes; no rollback of the license change.', 'attributes-not-updated'],
  ["Can't update user attributes. The licence change was not rolled back", 'attributes-not-updated'],
  ['Kan ikke oppdatere brukerattributter; ingen tilbakestilling av lisensendringen.', 'attributes-not-updated'],
  ['Brugerattributter kan ikke opdateres; ingen tilbagerulning af licensændringen.', 'attributes-not-updated'],
  ['Failed to update the user license', 'licence-not-updated'],
  ['Kan ikke oppdatere brukerlisensen.', 'licence-not-updated'],
  ['Brugerlicensen kan ikke opdateres.', 'licence-not-updated'],
  ['Insufficient licenses', 'other'],
  ['The user attributes were updated', 'other'],
] as const)('%s → %s', (message, kind) => {
  expect(kindOf(message)).toBe(kind)
})
