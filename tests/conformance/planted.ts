/** A mistake in one cell (or several) of row 3, a user of Webex Suite, and the finding that says so. */
export interface Planted {
  readonly rule: string
  /** Today's name of the column where the finding stands; null for a whole row. */
  readonly column: string | null
  readonly cells: Readonly<Record<string, string>>
  /** What may be found besides, on the same row. */
  readonly beside?: readonly string[]
}

const email = 'User ID/Email (Required)'
const one = (rule: string, column: string, text: string, beside: readonly string[] = []): Planted => ({
  rule,
  column,
  cells: { [column]: text },
  beside,
})

export const planted: readonly Planted[] = [
  one('email/missing', email, ''),
  one('email/malformed', email, 'kari@fjordkraft'),
  one('email/malformed', email, 'kari fjordkraft.no'),
  one('email/malformed', email, 'kari@@fjordkraft.no'),
  one('email/character', email, 'kåre@fjordkraft.no', ['email/lookalike']),
  one('email/local-part-too-long', email, `${'a'.repeat(65)}@fjordkraft.no`),
  one('email/too-long', email, `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(45)}.no`),
  one('email/duplicate', email, 'KARI.HANSEN.0@fjordkraft.no'),
  one('name/missing', 'Last Name', ''),
  one('name/forbidden-character', 'First Name', 'Ni#ls'),
  one('name/too-long', 'Last Name', 'Abcdefghij Abcdefghij Abcdefghij'),
  one('text/surrounding-space', 'Location', 'Bergen '),
  one('text/surrounding-space', 'Last Name', 'Da\u00a0hl'),
  one('text/control-character', 'Last Name', 'Da\u0007hl'),
  one('text/formula', 'Display Name', '=1+1'),
  one('text/formula', 'Last Name', '@cmd'),
  one('phone/no-plus', 'Phone Number', '4721504001'),
  one('phone/international-prefix', 'Phone Number', '004721504001'),
  one('phone/separators', 'Phone Number', '+47 21 50 40 01'),
  one('phone/separators', 'Phone Number', '+47-21-50-40-01'),
  one('phone/length', 'Phone Number', '+472'),
  one('phone/malformed', 'Phone Number', '+4721x504001'),
  one('phone/scientific', 'Phone Number', '4.72E+10'),
  one('phone/scientific', 'Phone Number', '4,72E+10'),
  one('phone/rounded', 'Phone Number', '+4721504000000000'),
  one('phone/duplicate', 'Phone Number', '+4721504000'),
  one('phone/primary-mark', 'Phone Number', '+4721508001,+4721508002'),
  one('extension/not-digits', 'Extension', '30a1'),
  one('extension/length', 'Extension', '3'),
  one('extension/emergency', 'Extension', '113'),
  { rule: 'extension/duplicate', column: 'Extension', cells: { Extension: '3000', Location: 'Oslo HQ' } },
  one('extension/duplicate-elsewhere', 'Extension', '3000'),
  { rule: 'calling/location-missing', column: null, cells: { Location: '' } },
  one('site/missing', 'Preferred Webex Site', ''),
  one('jabber/calling-missing', 'Jabber Calling', ''),
  one('jabber/teams-missing', 'Jabber with Webex Teams', ''),
  one('boolean/invalid', 'Webex Voice', 'yes'),
  one('boolean/invalid', 'Jabber Calling', '1'),
  { rule: 'boolean/localized', column: 'Jabber Calling', cells: { 'Jabber Calling': 'VRAI' } },
  { rule: 'package/several', column: null, cells: { 'Webex Meetings': 'TRUE' } },
  { rule: 'package/none', column: null, cells: { 'Webex Suite': 'FALSE' } },
  { rule: 'calling/number-missing', column: null, cells: { Extension: '', 'Phone Number': '' } },
  { rule: 'calling/not-a-calling-package', column: null, cells: { 'Webex Suite': 'FALSE', 'Webex Meetings': 'TRUE' } },
  { rule: 'base/paid-without-free', column: 'Basic Messaging', cells: { 'Basic Messaging': 'FALSE' } },
]
