// What a person decides in the November list, with the reason. Each decision changes the sheet and returns how many times it was taken.
const emailColumn = 'User ID/Email (Required)'

/** Takes what Roster proposes for the rules named. */
const accept =
  (...rules) =>
  (sheet, findings) => {
    const proposed = findings.filter(({ rule, fix }) => rules.includes(rule) && fix?.value !== undefined)
    for (const { row, column, fix } of proposed) sheet.set(row, column, fix.value)
    return proposed.length
  }
/** Sets cells of one user, found by the given name. */
const set = (given, cells) => (sheet) => {
  const row = sheet.rowOf(given)
  for (const [name, text] of Object.entries(cells)) sheet.set(row, name, text)
  return 1
}
/** Does something in each row of a rule's findings. */
const inRowsOf = (rule, deed) => (sheet, findings) => {
  const rows = findings.filter((finding) => finding.rule === rule).map(({ row }) => row)
  for (const row of rows) deed(sheet, row)
  return rows.length
}
const setPackage = (wanted) => (sheet, row) => {
  for (const name of ['Webex Calling', 'Webex Calling Standard', 'Webex Suite', 'Webex Meetings', 'Webex Voice', 'Customer Assist'])
    sheet.set(row, sheet.packageColumn(name), name === wanted ? 'TRUE' : 'FALSE')
}
const together =
  (...deeds) =>
  (sheet, findings) =>
    deeds.reduce((sum, deed) => sum + deed(sheet, findings), 0)

export const numberDecisions = [
  { says: 'these numbers only lost their plus sign; put it back', decision: accept('phone/no-plus', 'caller-id/number') },
  { says: 'the spreadsheet ate the digits of these; take them from the export', decision: accept('phone/scientific') },
]

const attendantConsole = 'Webex Attendant Console Advanced [Sub418306]'

export const decisions = [
  { says: 'they have new numbers, the old ones go back', decision: accept('phone/replaced', 'phone/primary-mark') },
  { says: 'nobody moves by this list; the locations stay', decision: accept('calling/location-changed') },
  {
    says: 'that is a slip of the pen; take the name nearest to it',
    decision: accept('calling/location-unknown', 'site/unknown', 'email/unknown-domain'),
  },
  { says: 'the base licences stay as they were', decision: accept('base/changed', 'base/paid-without-free') },
  { says: 'nobody shall lose the meetings site’s licence', decision: accept('licence/would-be-removed') },
  { says: 'the letters were read in the wrong code page', decision: accept('text/mojibake') },
  {
    says: 'a formula is no title; leave the title as it is',
    decision: inRowsOf('text/formula', (sheet, row) => sheet.set(row, 'Title', '')),
  },
  {
    says: 'the site is that of the country',
    decision: inRowsOf('site/missing', (sheet, row) =>
      sheet.set(row, 'Preferred Webex Site', sheet.get(row, 'Country') === 'DK' ? 'nordfjell-dk.webex.com' : 'nordfjell.webex.com'),
    ),
  },
  {
    says: 'the same people, who keep their email until Control Hub has renamed them',
    decision: (sheet, findings) => {
      const renamed = findings.filter(({ rule }) => rule === 'identity/renamed')
      for (const { row, message } of renamed) sheet.set(row, emailColumn, /^\S+@\S+/u.exec(message)[0])
      return renamed.length
    },
  },
  {
    says: 'a row was filled downwards too far: this one does not leave',
    decision: (sheet, findings) => {
      const last = findings.findLast(({ rule }) => rule === 'package/removal')
      setPackage('Webex Calling')(sheet, last.row)
      // Blank means: as it is.
      for (const column of ['Phone Number', 'Mobile Number', 'Caller ID Number']) sheet.set(last.row, column, '')
      return 1
    },
  },
  { says: 'an administrator keeps Webex Suite', decision: inRowsOf('package/administrator', setPackage('Webex Suite')) },
  { says: 'Webex Suite it stays; Standard would need two steps', decision: inRowsOf('package/needs-reassign', setPackage('Webex Suite')) },
  { says: 'the row stands there twice; the later one goes', decision: inRowsOf('email/duplicate', (sheet, row) => sheet.delete(row)) },
  {
    says: 'there are two seats of Customer Assist too few; two start with Webex Calling',
    decision: together(
      ...['Åsmund', 'Ørjan'].map((given) => (sheet) => {
        setPackage('Webex Calling')(sheet, sheet.rowOf(given))
        return 1
      }),
    ),
  },
  {
    says: 'asked the new ones for their names and emails',
    decision: together(
      set('Torunn', { 'Last Name': 'Prøven' }),
      set('Asbjørn', { [emailColumn]: 'asbjorn.proven@nordfjell.example' }),
      set('Bodil', { [emailColumn]: 'bodil.proven@nordfjell.example' }),
      set('Dagny', { [emailColumn]: 'dagny.proven@nordfjell.example' }),
      set('J?rn', { 'First Name': 'Jørn' }),
      set('Karin', { 'Last Name': 'Prøven-Lie' }),
      set('Leif', { 'Last Name': 'Prøven-Wedel-Løvenskiold' }),
    ),
  },
  {
    says: 'asked for their package, place and licences',
    decision: together(
      (sheet) => (setPackage('Webex Calling')(sheet, sheet.rowOf('Ellen')), 1),
      (sheet) => (setPackage('Webex Suite')(sheet, sheet.rowOf('Finn')), 1),
      set('Hilmar', { Location: 'Oslo hovedkontor' }),
      set('Margit', { 'Jabber Calling': 'FALSE', 'Call on Webex': 'TRUE' }),
      set('Norvald', { [attendantConsole]: 'FALSE' }),
      set('Olaug', { [attendantConsole]: 'FALSE' }),
      set('Rolf', { 'External Caller ID Name Policy': 'LOCATION', 'Caller ID Last Name': '' }),
    ),
  },
  {
    says: 'gave out free numbers and extensions, or left out what was wrong',
    decision: together(
      set('Gerd', { Extension: '1494', 'Phone Number': '+4721551494' }),
      set('Tormod', { 'Phone Number': '' }),
      set('Ulrik', { 'Phone Number': '' }),
      set('Vigdis', { 'Phone Number': '' }),
      set('Yngve', { 'Phone Number': '' }),
      set('Aslaug', { Extension: '' }),
      (sheet) => (sheet.set(sheet.rowOf('Birger'), 'Extension', sheet.get(sheet.rowOf('Birger'), 'Extension').slice(1)), 1),
      (sheet) => (sheet.set(sheet.rowOf('Dina'), 'Extension', sheet.get(sheet.rowOf('Dina'), 'Extension').slice(0, 4)), 1),
      set('Egil', { Extension: '' }),
      set('Pelle', { Extension: '' }),
    ),
  },
]
