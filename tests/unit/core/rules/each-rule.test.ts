import { describe, expect, test } from 'vitest'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import type { Fix } from '../../../../shared/core/rules/finding.ts'
import { checkTable } from '../../../../shared/core/rules/check-table.ts'
import {
  check,
  facts,
  fileLanguages,
  headerIn,
  listed,
  packageColumn,
  rulesIn,
  sheet,
  soundHeader,
  soundUser,
  type Cells,
  type CheckShape,
} from '../../../support/rule-cases.ts'

/** The smallest change that fires a rule on row 3, and the nearest ones that do not. */
interface Case {
  readonly rule: string
  /** null: the whole row. */
  readonly column: string | null
  readonly fires: readonly Cells[]
  readonly near: readonly Cells[]
  /** The repair of the first of `fires`. */
  readonly fix?: Fix
  readonly baseline?: Cells
  readonly customer?: CustomerProfile
  /** Cells of the other user, in row 2. */
  readonly other?: Cells
}

const email = (text: string): Cells => ({ 'User ID/Email (Required)': text })
const phone = (text: string): Cells => ({ 'Phone Number': text })
const extension = (text: string): Cells => ({ Extension: text })
const on = (name: string, cells: Cells = {}): Cells => ({ package: name, ...cells })
const fjordkraft: CustomerProfile = { name: 'Fjordkraft AS' }
const noLocations = [
  { name: 'Oslo HQ', country: 'NO' },
  { name: 'Aarhus', country: 'DK' },
]

const cases: readonly Case[] = [
  { rule: 'text/surrounding-space', column: 'Department', fires: [' Drift', 'Drift ', 'Drift\u00a0', 'Dr\u200bift', 'Dr\u2009ift', '\tDrift'].map((Department) => ({ Department })), near: [{ Department: 'Drift og salg' }, { Department: 'می\u200cخواهم' }], fix: { kind: 'safe', value: 'Drift' } },
  { rule: 'text/surrounding-space', column: 'Department', fires: [' (clear) ', '(clear)\u00a0'].map((Department) => ({ Department })), near: [{ Department: '(clear)' }], fix: { kind: 'safe', value: '(clear)' } },
  // A no-break space or control that is a piece of a letter read in the wrong code page: taken away alone it would take the letter with it.
  { rule: 'text/surrounding-space', column: 'Department', fires: [{ Department: 'Drift\u00c2\u00a0nord' }], near: [{ Department: 'Drift \u00c3\u00a0 Paris' }, { Department: 'voil\u00c3\u00a0' }], fix: { kind: 'ask', value: 'Drift nord' } },
  { rule: 'text/surrounding-space', column: 'First Name', fires: [{ 'First Name': ' Bj\u00c3\u00b8rn ' }], near: [{ 'First Name': 'Bj\u00c3\u00b8rn' }], fix: { kind: 'safe', value: 'Bj\u00c3\u00b8rn' } },
  { rule: 'text/surrounding-space', column: 'Title', fires: [' =1+1', '\u200b@SUM(A1)'].map((Title) => ({ Title })), near: [{ Title: '=1+1' }], fix: { kind: 'ask', value: '=1+1' } },
  { rule: 'text/surrounding-space', column: 'Phone Number', fires: [phone(' +4721583360')], near: [phone('+4721583360')], fix: { kind: 'safe', value: '+4721583360' } },
  { rule: 'text/control-character', column: 'First Name', fires: [{ 'First Name': '\u00c3\u0081se\u0007' }], near: [{ 'First Name': '\u00c3\u0081se' }], fix: { kind: 'ask', value: 'Áse' } },
  { rule: 'text/control-character', column: 'Department', fires: ['Dri\u0007ft', 'Dri\u202eft', 'Dri\u0085ft'].map((Department) => ({ Department })), near: [{ Department: 'Drift\nog salg' }, { Department: 'Drift\r\nog salg' }], fix: { kind: 'safe', value: 'Drift' } },
  { rule: 'text/mojibake', column: 'First Name', fires: ['BjÃ¸rn', 'Ã…se', 'SÃ¸ren', 'BjÃƒÂ¸rn', 'Bj√∏rn', 'MÃ¼ller', 'Å ime'.replace('Å ', 'Å¡')].map((name) => ({ 'First Name': name })), near: ['Bjørn', 'Åse', 'São', 'Ærlig', '“BLÅ”', 'Ångström', 'ÉCOLE'].map((name) => ({ 'First Name': name })), fix: { kind: 'ask', value: 'Bjørn' } },
  { rule: 'text/lost-character', column: 'Last Name', fires: ['S\ufffdrensen', 'S?rensen', '?degård', 'Malm?'].map((name) => ({ 'Last Name': name })), near: [{ 'Last Name': 'Sørensen' }, { Title: 'Hva?nå' }, { 'Last Name': 'Moe (?)' }] },
  { rule: 'text/formula', column: 'Title', fires: ['=1+1', '@SUM(A1)', "=cmd|' /C calc'!A0", '+a', '-1+1'].map((Title) => ({ Title })), near: [{ Title: '-12' }, { Title: '+4721' }, { Title: '-' }, { Title: 'a=b' }, email('@fjordkraft.no'), phone('+47 21 50 05 03')], fix: { kind: 'ask', value: '1+1' } },
  { rule: 'text/formula', column: 'Title', fires: [{ Title: '="0042"' }, { Title: '="0042" ' }], near: [{ Title: '"0042"' }], fix: { kind: 'ask', value: '0042' } },
  { rule: 'text/formula', column: 'Title', fires: [{ Title: '- notat' }, { Title: '+ notat\n' }], near: [{ Title: 'notat -' }], fix: { kind: 'ask', value: 'notat' } },
  { rule: 'email/missing', column: 'User ID/Email (Required)', fires: [email(''), email('  '), email('(clear)')], near: [email('a@b.no')] },
  { rule: 'email/malformed', column: 'User ID/Email (Required)', fires: ['a b@fjordkraft.no', 'nobody', 'a@@fjordkraft.no', '@fjordkraft.no', 'a@', 'a@fjordkraft', 'a@fjordkraft..no', 'a@.no', 'a@fjordkraft.no.', 'a@b@c.no'].map(email), near: ['a@b.no', 'a.b+c@d-e.f.no', `a'b@c.no`].map(email), fix: { kind: 'ask', value: 'ab@fjordkraft.no' } },
  { rule: 'email/local-part-too-long', column: 'User ID/Email (Required)', fires: [email(`${'x'.repeat(65)}@fjordkraft.no`)], near: [email(`${'x'.repeat(64)}@fjordkraft.no`)] },
  { rule: 'email/too-long', column: 'User ID/Email (Required)', fires: [email(`a@${'x'.repeat(157)}.no`)], near: [email(`a@${'x'.repeat(156)}.no`)] },
  { rule: 'email/character', column: 'User ID/Email (Required)', fires: [email('bjørn@fjordkraft.no'), email('a,b@fjordkraft.no'), email('a"b@fjordkraft.no')], near: [email("a.!#$%&'*+/=?^_{}~-`b@fjordkraft.no")] },
  { rule: 'email/duplicate', column: 'User ID/Email (Required)', fires: [email('USER.1@fjordkraft.no'), email(' user.1@FJORDKRAFT.no')], near: [email('user.11@fjordkraft.no')] },
  { rule: 'email/lookalike', column: 'User ID/Email (Required)', fires: ['kаri@fjordkraft.no', 'аdmin@fjordkraft.no', 'а.hansen@fjordkraft.no', 'kari.о@fjordkraft.no'].map(email), near: ['kåri@fjordkraft.no', 'дмитрий@fjordkraft.no', 'а.иванов@fjordkraft.no'].map(email) },
  { rule: 'email/unknown-domain', column: 'User ID/Email (Required)', fires: [email('kari@elsewhere.no')], near: [email('kari@FJORDKRAFT.no')], customer: { ...fjordkraft, emailDomains: ['fjordkraft.no'] } },
  { rule: 'name/missing', column: 'First Name', fires: [{ 'First Name': '' }, { 'First Name': ' ' }], near: [{ 'Display Name': '' }] },
  { rule: 'name/missing', column: 'First Name', fires: [{ 'First Name': '(clear)' }], near: [{ 'First Name': '' }], baseline: {} },
  { rule: 'name/forbidden-character', column: 'Last Name', fires: [...'%#<>\\/"'].map((sign) => ({ 'Last Name': `Mo${sign}e` })), near: [{ 'Last Name': "O'Moe-Dahl" }, on('Webex Meetings', { 'Last Name': 'Mo%e' }), { Title: 'Mo%e' }], fix: { kind: 'ask', value: 'Moe' } },
  { rule: 'name/too-long', column: 'Last Name', fires: [{ 'Last Name': 'H'.repeat(31) }], near: [{ 'Last Name': 'H'.repeat(30) }, on('Webex Meetings', { 'Last Name': 'H'.repeat(31) })] },
  { rule: 'name/beyond-ascii', column: 'Last Name', fires: [{ 'Last Name': 'Møe' }], near: [{ 'Last Name': 'Moe' }, on('Webex Meetings', { 'Last Name': 'Møe' })] },
  { rule: 'boolean/invalid', column: 'Jabber Calling', fires: ['maybe', '1', '0', 'Ja', 'Nei', 'yes', 'X', 'ture', 'SANNE'].map((text) => ({ 'Jabber Calling': text })), near: ['TRUE', 'FALSE', 'usann', 't'].map((text) => ({ 'Jabber Calling': text })) },
  { rule: 'boolean/localized', column: 'Jabber Calling', fires: ['USANN', 'Sann', 'falsk', 'SANT', 'FALSKT', 'EPÄTOSI', 'EPA\u0308TOSI', 'FALSCH', 'FAUX', 'VERO', 'yanlış', 'YANLIŞ', 'Ложь', 'ПРАВДА'.replace('ПРАВДА', 'ИСТИНА')].map((text) => ({ 'Jabber Calling': text })), near: ['FALSE', 'USANNE', 'SAN'].map((text) => ({ 'Jabber Calling': text })), fix: { kind: 'safe', value: 'FALSE' } },
  { rule: 'boolean/variant', column: 'Jabber Calling', fires: ['false', 'T', 'f', 'True'].map((text) => ({ 'Jabber Calling': text })), near: ['TRUE', 'FALSE', ''].map((text) => ({ 'Jabber Calling': text })), fix: { kind: 'safe', value: 'FALSE' } },
  { rule: 'package/several', column: null, fires: [{ [packageColumn('Webex Calling')]: 'TRUE' }, { [packageColumn('Webex Calling')]: 'sann' }], near: [{ [packageColumn('Webex Calling')]: '' }, { [packageColumn('Webex Calling')]: 'maybe' }] },
  { rule: 'package/none', column: null, fires: [on('')], near: [on('Webex Voice'), on('', { [packageColumn('Webex Voice')]: 'VERO' })] },
  { rule: 'package/none', column: null, fires: [on('', { [packageColumn('Webex Voice')]: '' })], near: [on('')], baseline: {} },
  { rule: 'package/removal', column: null, fires: [on(''), { [packageColumn('Webex Suite')]: 'USANN' }], near: [{ [packageColumn('Webex Suite')]: '' }, on('Webex Voice')], baseline: {}, fix: { kind: 'ask', action: 'confirm-removal' } },
  { rule: 'package/not-bought', column: packageColumn('Webex Voice'), fires: [on('Webex Voice')], near: [on('Webex Suite')], customer: { ...fjordkraft, packages: [{ package: 'Webex Suite' }] } },
  { rule: 'package/common-area', column: 'Common Area', fires: [{ 'Common Area': 'TRUE' }], near: [{ 'Common Area': '' }] },
  { rule: 'package/needs-reassign', column: null, fires: [on('Webex Calling Standard')], near: [on('Webex Voice'), on('Webex Suite')], baseline: {}, fix: { kind: 'ask', action: 'two-steps' } },
  { rule: 'package/needs-reassign', column: null, fires: [], near: [on('Webex Calling Standard')], baseline: on('Webex Voice') },
  { rule: 'package/loses-calling', column: null, fires: [on('Webex Meetings')], near: [on('Webex Calling')], baseline: {} },
  { rule: 'package/administrator', column: null, fires: [on('Webex Calling')], near: [on('Webex Suite')], baseline: {}, customer: { ...fjordkraft, administrators: ['USER.2@fjordkraft.no'], createdWith: 'Webex Suite' } },
  { rule: 'addon/needs-calling', column: 'Webex Attendant Console Advanced [Sub1]', fires: [on('Webex Voice'), on('Webex Meetings'), on('Webex Calling Standard')].map((cells) => ({ ...cells, 'Webex Attendant Console Advanced [Sub1]': 'TRUE' })), near: [on('Webex Calling'), on('Webex Suite'), on('Customer Assist')].map((cells) => ({ ...cells, 'Webex Attendant Console Advanced [Sub1]': 'TRUE' })) },
  { rule: 'addon/not-with-standard', column: 'Webex Attendant Console Advanced [Sub1]', fires: [on('Webex Calling Standard', { 'Webex Attendant Console Advanced [Sub1]': 'TRUE' })], near: [on('Webex Calling', { 'Webex Attendant Console Advanced [Sub1]': 'TRUE' })] },
  { rule: 'addon/not-with-standard', column: packageColumn('Customer Assist'), fires: [on('Webex Calling Standard', { [packageColumn('Customer Assist')]: 'TRUE' })], near: [on('Webex Calling Standard', { [packageColumn('Customer Assist')]: '' })], baseline: on('Customer Assist') },
  { rule: 'calling/number-missing', column: null, fires: [{ Extension: '', 'Phone Number': '' }, { Extension: '(clear)', 'Phone Number': ' ' }], near: [extension(''), phone(''), on('Webex Meetings')] },
  { rule: 'calling/number-missing', column: null, fires: [{ Extension: '(clear)', 'Phone Number': '(clear)' }], near: [{ Extension: '', 'Phone Number': '' }], baseline: {} },
  { rule: 'calling/number-missing', column: null, fires: [{ Extension: '(clear)', 'Phone Number': 'REMOVE|+4721500002,REMOVE|+4721583361' }], near: [{ Extension: '(clear)', 'Phone Number': 'REMOVE|+4721583361' }], baseline: phone('PRIMARY|+4721500002,+4721583361') },
  { rule: 'calling/location-missing', column: null, fires: [{ Location: '' }], near: [on('Webex Meetings')] },
  { rule: 'calling/location-missing', column: null, fires: [], near: [{ Location: '' }], baseline: {} },
  { rule: 'calling/location-unknown', column: 'Location', fires: [{ Location: 'Oslo H' }, { Location: 'oslo hq' }], near: [{ Location: 'Aarhus' }, { Location: 'Oslo HQ ' }], customer: { ...fjordkraft, locations: noLocations }, fix: { kind: 'ask', value: 'Oslo HQ' } },
  { rule: 'calling/location-changed', column: 'Location', fires: [{ Location: 'Bergen' }], near: [{ Location: '' }, { Location: 'Oslo HQ' }], baseline: {}, fix: { kind: 'ask', value: 'Oslo HQ' } },
  { rule: 'calling/location-changed', column: 'Location', fires: [], near: [{ Location: 'Bergen' }], baseline: on('Webex Meetings') },
  { rule: 'calling/not-a-calling-package', column: null, fires: [extension('2002'), phone('+4721500502'), { Location: 'Oslo HQ' }].map((cells) => on('Webex Meetings', cells)), near: [on('Webex Meetings'), on('Webex Voice', { Extension: '2002' })] },
  { rule: 'phone/no-plus', column: 'Phone Number', fires: [phone('4721583360'), phone('47 21 58 33 60')], near: [phone('+4721583360')], fix: { kind: 'ask', value: '+4721583360' } },
  { rule: 'phone/no-plus', column: 'Phone Number', fires: [phone('21 58 33 60')], near: [], customer: { ...fjordkraft, locations: noLocations }, fix: { kind: 'ask', value: '+4721583360' } },
  { rule: 'phone/international-prefix', column: 'Phone Number', fires: [phone('004721583360'), phone('00 47 21 58 33 60')], near: [phone('+4700583360')], fix: { kind: 'safe', value: '+4721583360' } },
  { rule: 'phone/separators', column: 'Phone Number', fires: ['+47 21 583360', '+47-21583360', '(+47) 21583360', '+47.21.58.33.60', '+47/21583360', '+47\u00a021583360', '+47\u201321583360'].map(phone), near: [phone('+4721583360'), phone('+47 21')], fix: { kind: 'safe', value: '+4721583360' } },
  { rule: 'phone/length', column: 'Phone Number', fires: ['+47210', '+472100', '+4721000000000001', '+0472158336'].map(phone), near: ['+4721000', '+472100000000000'].map(phone) },
  { rule: 'phone/malformed', column: 'Phone Number', fires: ['+47two10000', '+47+21583360', '+4721583360 ext 2', '-', '+4721583360;+4721583361'].map(phone), near: [phone('+4721583360')] },
  { rule: 'phone/scientific', column: 'Phone Number', fires: ['4.72E+10', '4,72E+10', '4.721e+10', '4E10', '+4,72E+10'].map(phone), near: [phone('+4721583360')] },
  { rule: 'phone/scientific', column: 'Phone Number', fires: [phone('4,72E+10')], near: [phone('')], baseline: {}, fix: { kind: 'ask', value: '+4721500002' } },
  { rule: 'phone/rounded', column: 'Phone Number', fires: ['4721000000000000', '+47210000000000000'].map(phone), near: ['+472100000000000', '4721000000000001'].map(phone) },
  { rule: 'phone/duplicate', column: 'Phone Number', fires: [phone('+4721500001'), phone('+47 21 50 00 01'), phone('004721500001'), phone('PRIMARY|+4721583360,+4721500001')], near: [phone('+4721500009'), phone('PRIMARY|+4721583360,REMOVE|+4721500001')] },
  { rule: 'phone/not-in-inventory', column: 'Phone Number', fires: [phone('+4721999999'), { ...phone('+4521999999'), Location: 'Oslo HQ' }], near: [phone('+4721500002'), phone('PRIMARY|+4721500002,REMOVE|+4721999999')], customer: { ...fjordkraft, numbers: [{ number: '+4721500001', location: 'Oslo HQ' }, { number: '+47 21 50 00 02' }, { number: '+4521999999', location: 'Aarhus' }] } },
  { rule: 'phone/country', column: 'Phone Number', fires: [phone('+4521583360')], near: [phone('+4721583360'), { ...phone('+4521583360'), Location: 'Aarhus' }, { ...phone('+4521583360'), Location: 'Elsewhere' }], customer: { ...fjordkraft, locations: noLocations } },
  { rule: 'phone/primary-mark', column: 'Phone Number', fires: [phone('+4721583360,+4721583361'), phone('PRIMARY|+4721583360,PRIMARY|+4721583361')], near: [phone('PRIMARY|+4721583360,+4721583361'), phone('+4721583360'), phone('+4721583360,'), phone('REMOVE|+4721583360,REMOVE|+4721583361')], fix: { kind: 'ask', value: 'PRIMARY|+4721583360,+4721583361' } },
  { rule: 'phone/replaced', column: 'Phone Number', fires: [phone('+4722999999')], near: [phone('PRIMARY|+4722999999,REMOVE|+4721500002'), phone(''), phone('4721500002'), phone('+47 21 50 00 02')], baseline: {}, fix: { kind: 'ask', value: 'PRIMARY|+4722999999,REMOVE|+4721500002' } },
  { rule: 'phone/replaced', column: 'Phone Number', fires: [phone('PRIMARY|+4721500002')], near: [phone('REMOVE|+4721583361')], baseline: phone('PRIMARY|+4721500002,+4721583361'), fix: { kind: 'ask', value: 'PRIMARY|+4721500002,REMOVE|+4721583361' } },
  { rule: 'extension/not-digits', column: 'Extension', fires: ['12a4', '2 002', '2002.0', '４２４２'].map(extension), near: [extension('2002'), extension('0042')] },
  { rule: 'extension/length', column: 'Extension', fires: ['7', '12345678901'].map(extension), near: ['77', '1234567890'].map(extension) },
  { rule: 'extension/emergency', column: 'Extension', fires: ['112', '113', '110', '114', '911', '1911', '933', '611'].map(extension), near: ['111', '1112', '9110'].map(extension) },
  { rule: 'extension/customer-length', column: 'Extension', fires: [extension('73319')], near: [extension('7331'), extension('733a9')], customer: { ...fjordkraft, extensionLength: 4 } },
  { rule: 'extension/duplicate', column: 'Extension', fires: [extension('2001')], near: [extension('02001'), { ...extension('2001'), Location: 'Bergen' }] },
  { rule: 'extension/duplicate-elsewhere', column: 'Extension', fires: [{ ...extension('2001'), Location: 'Bergen' }], near: [extension('2001'), { Location: 'Bergen' }] },
  { rule: 'extension/lost-zero', column: 'Extension', fires: [extension('42')], near: [extension('0042'), extension('420'), extension('')], baseline: extension('0042'), fix: { kind: 'safe', value: '0042' } },
  { rule: 'extension/lost-zero', column: 'Extension', fires: [extension('0')], near: [extension('0000'), extension('00')], baseline: extension('0000'), fix: { kind: 'safe', value: '0000' } },
  { rule: 'site/missing', column: 'Preferred Webex Site', fires: [{ 'Preferred Webex Site': '' }, on('Webex Meetings', { 'Preferred Webex Site': '' })], near: [on('Webex Voice', { 'Preferred Webex Site': '' })], fix: { kind: 'ask', value: 'fjordkraft.webex.com' } },
  { rule: 'site/missing', column: 'Preferred Webex Site', fires: [{ 'Preferred Webex Site': '(clear)' }], near: [{ 'Preferred Webex Site': '' }], baseline: {}, fix: { kind: 'ask', value: 'fjordkraft.webex.com' } },
  { rule: 'site/unknown', column: 'Preferred Webex Site', fires: [{ 'Preferred Webex Site': 'fjordkrft.webex.com' }], near: [{ 'Preferred Webex Site': 'Fjordkraft.webex.com' }], customer: { ...fjordkraft, sites: ['fjordkraft.webex.com'] }, fix: { kind: 'ask', value: 'fjordkraft.webex.com' } },
  { rule: 'site/not-needed', column: 'Preferred Webex Site', fires: [on('Webex Voice', { 'Preferred Webex Site': 'fjordkraft.webex.com' })], near: [on('Webex Voice')] },
  { rule: 'jabber/calling-missing', column: 'Jabber Calling', fires: [{ 'Jabber Calling': '' }], near: [{ 'Jabber Calling': 'maybe' }, on('', { 'Jabber Calling': '' })], fix: { kind: 'safe', value: 'FALSE' } },
  { rule: 'jabber/teams-missing', column: 'Jabber with Webex Teams', fires: [{ 'Jabber with Webex Teams': '' }], near: [{ 'Jabber with Webex Teams': 'TRUE' }], fix: { kind: 'safe', value: 'FALSE' } },
  { rule: 'jabber/teams-missing', column: 'Jabber with Webex Teams', fires: [{ 'Jabber with Webex Teams': '(clear)' }], near: [{ 'Jabber with Webex Teams': '' }], baseline: {} },
  { rule: 'base/changed', column: 'Call on Webex', fires: [{ 'Call on Webex': 'FALSE' }], near: [{ 'Call on Webex': 'sann' }, { 'Call on Webex': '' }], baseline: {}, fix: { kind: 'ask', value: 'TRUE' } },
  { rule: 'base/paid-without-free', column: 'Basic Messaging', fires: [{ 'Basic Messaging': 'FALSE' }], near: [{ 'Basic Messaging': '' }, { 'Call on Webex': 'FALSE' }, { 'Basic Messaging': 'FALSE', 'Advanced Messaging': 'FALSE', 'Advanced Space Meetings': 'FALSE' }], fix: { kind: 'ask', value: 'TRUE' } },
  { rule: 'licence/would-be-removed', column: 'Advanced Messaging', fires: [{ 'Advanced Messaging': 'FALSE' }, { 'Advanced Messaging': 'USANN' }], near: [{ 'Advanced Messaging': '' }, { 'Call on Webex': 'FALSE' }], baseline: {}, fix: { kind: 'ask', value: 'TRUE' } },
  { rule: 'caller-id/number', column: 'Caller ID Number', fires: ['21000000', '+47 21 50 00 00', '004721500000'].map((text) => ({ 'Caller ID Number': text })), near: [{ 'Caller ID Number': '+4721500000' }] },
  { rule: 'caller-id/character', column: 'Caller ID First Name', fires: [...'%+"`'].map((sign) => ({ 'Caller ID First Name': `Ka${sign}ri` })), near: [{ 'Caller ID First Name': 'Kari-Ann' }], fix: { kind: 'ask', value: 'Kari' } },
  { rule: 'caller-id/policy', column: 'External Caller ID Name Policy', fires: [{ 'External Caller ID Name Policy': 'DIRECT' }, { 'External Caller ID Name Policy': 'OTHER' }], near: [{ 'External Caller ID Name Policy': 'LOCATION' }, { 'External Caller ID Name Policy': 'OTHER', 'Custom External Caller ID Name': 'Fjordkraft' }] },
  { rule: 'caller-id/policy', column: 'External Caller ID Name Policy', fires: [{ 'Custom External Caller ID Name': '(clear)' }, { 'External Caller ID Name Policy': 'OTHER', 'Custom External Caller ID Name': '(clear)' }], near: [{}, { 'External Caller ID Name Policy': 'OTHER' }, { 'External Caller ID Name Policy': 'LOCATION', 'Custom External Caller ID Name': '(clear)' }], baseline: { 'External Caller ID Name Policy': 'OTHER', 'Custom External Caller ID Name': 'Fjordkraft' } },
  { rule: 'read-only/changed', column: 'User Status', fires: [{ 'User Status': 'Pending' }], near: [{ 'User Status': '' }, { 'User Status': 'Verified' }], baseline: { 'User Status': 'Verified' }, fix: { kind: 'safe', value: 'Verified' } },
  { rule: 'directory/synced', column: 'Last Name', fires: [{ 'First Name': '', 'Last Name': 'Moe', 'Phone Number': '' }], near: [{ 'First Name': '', 'Last Name': '', 'Phone Number': '(clear)' }], customer: { ...fjordkraft, directorySynced: true } },
  { rule: 'identity/renamed', column: null, fires: [email('brand.new@fjordkraft.no')], near: [email('user.2@fjordkraft.no'), { ...email('brand.new@fjordkraft.no'), 'Last Name': 'Vik' }], baseline: {} },
] // prettier-ignore

const shapeOf = (one: Case): CheckShape => ({
  ...(one.baseline === undefined ? {} : { baseline: [soundUser(1, one.other), soundUser(2, one.baseline)] }),
  ...(one.customer === undefined ? {} : { customer: one.customer }),
})

describe.each(cases)('$rule', (one) => {
  const shape = shapeOf(one)
  const users = (cells: Cells): Cells[] => [soundUser(1, one.other), soundUser(2, cells)]
  const column = one.column

  test.each(one.fires)('fires on %o', (cells) => {
    const found = check(users(cells), shape).filter((finding) => finding.rule === one.rule && finding.row === 3)
    expect(found.map((finding) => finding.column)).toEqual([column])
    expect(found[0]?.message).not.toBe('')
  })

  test.each(one.near)('leaves %o alone', (cells) => {
    const found = check(users(cells), shape).filter((finding) => finding.rule === one.rule && finding.row === 3)
    expect(found.filter((finding) => finding.column === column)).toEqual([])
  })

  const [first] = one.fires
  if (first !== undefined) {
    test.each(fileLanguages)('fires in a file with %s headers', (language) => {
      const found = check(users(first), { ...shape, language })
      const place = found.find((finding) => finding.rule === one.rule && finding.row === 3)
      const isSpelling = one.rule === 'boolean/localized' || one.rule === 'boolean/variant'
      expect(isSpelling ? place?.row : place?.column).toBe(isSpelling ? 3 : column === null ? null : headerIn(column, language))
    })
  }

  const { fix } = one
  if (fix !== undefined && first !== undefined) {
    test('its fix is offered', () => {
      expect(check(users(first), shape).find((finding) => finding.rule === one.rule && finding.row === 3)?.fix).toEqual(fix)
    })
    const repaired = fix.value
    if (repaired !== undefined && column !== null) {
      test('with its fix the finding is gone', () => {
        expect(rulesIn(check(users({ ...first, [column]: repaired }), shape))).not.toContain(one.rule)
      })
    }
  }
})

test('a sound file has no finding in any of the three languages', () => {
  const users = [1, 2, 3]
    .map((n) => soundUser(n))
    .concat(soundUser(4, { package: 'Webex Meetings' }), soundUser(5, { package: 'Webex Voice' }))
  expect(check(users)).toEqual([])
  for (const language of ['Norwegian', 'Danish'] as const) {
    expect(new Set(rulesIn(check(users, { language })))).toEqual(new Set(['file/renamed-column', 'boolean/localized']))
  }
  expect(check(users, { baseline: users })).toEqual([])
})

test('a policy is held against the name that the file has no column for', () => {
  const before = soundUser(1, { 'External Caller ID Name Policy': 'OTHER', 'Custom External Caller ID Name': 'Fjordkraft' })
  const header = soundHeader.filter((column) => column !== 'Custom External Caller ID Name')
  const file = sheet([before], { header })
  const found = checkTable({ ...file, facts, baseline: { ...sheet([before]), kind: 'export' } })
  expect(rulesIn(listed(found))).toEqual([])
})

describe('what a spreadsheet destroyed in the baseline too', () => {
  test.each([
    ['phone/scientific', phone('4,72E+10'), phone('4,72E+10')],
    ['phone/rounded', phone('4721000000000000'), phone('4,72E+10')],
    ['text/lost-character', { 'Last Name': 'S\ufffdrensen' }, { 'Last Name': 'S\ufffdrensen' }],
    ['text/lost-character', { 'Last Name': 'S\ufffdrensen' }, { 'Last Name': 'S?rensen' }],
    ['base/changed', { 'Call on Webex': 'TRUE' }, { 'Call on Webex': 'ja' }],
  ])('%s: is no repair', (rule, cells, before) => {
    const found = check([soundUser(1, cells)], { baseline: [soundUser(1, before)] }).find((finding) => finding.rule === rule)
    expect(found).toBeDefined()
    expect(found?.fix).toBeUndefined()
  })
})

describe('of several numbers in a cell a message names the one it is about', () => {
  const several = 'PRIMARY|+4721583360,+4521583361,REMOVE|+4721583362'
  const numbers = ['+4721583360', '+4721500001'].map((number) => ({ number, location: 'Oslo HQ' }))
  const message = (rule: string, users: Cells[], shape: CheckShape = {}): string =>
    check(users, shape).find((finding) => finding.rule === rule)?.message ?? ''
  const second = { ...phone(several), Location: 'Oslo HQ' }

  test('phone/duplicate', () => {
    const first = phone('PRIMARY|+4721500001,+45 21 58 33 61')
    expect(message('phone/duplicate', [soundUser(1, first), soundUser(2, second)])).toMatch(/^\+4521583361 stands in row 2 /)
    const shape = { baseline: [soundUser(1, first), soundUser(2)] }
    expect(message('phone/duplicate', [soundUser(2, second)], shape)).toMatch(/^\+4521583361 is the number of user\.1@/)
  })
  test('phone/not-in-inventory', () => {
    const shape = { customer: { ...fjordkraft, numbers } }
    expect(message('phone/not-in-inventory', [soundUser(2, second)], shape)).toMatch(/^\+4521583361 is not among /)
  })
  test('phone/country', () => {
    const shape = { customer: { ...fjordkraft, locations: noLocations } }
    expect(message('phone/country', [soundUser(2, second)], shape)).toMatch(/^\+4521583361 is no number of NO/)
  })
  test('phone/replaced', () => {
    const shape = { baseline: [soundUser(2, phone('PRIMARY|+4721500002,+4721500003'))] }
    expect(message('phone/replaced', [soundUser(2, second)], shape)).toBe(
      '+4721500002, +4721500003 becomes +4721583360, +4521583361; the old number stays unless it is given as REMOVE|+4721500002,REMOVE|+4721500003.',
    )
  })
  test('phone/malformed: the whole cell where a number is empty', () => {
    expect(message('phone/malformed', [soundUser(2, phone('+4721583360,'))])).toContain('“+4721583360,”')
  })
})

test('of a suspected rename the message names what is shared, however it is spelled', () => {
  const before = soundUser(1, phone('PRIMARY|+4721500009,+4721500001'))
  const message = (cells: Cells): string =>
    check([{ ...before, ...email('new@fjordkraft.no'), ...cells }], { baseline: [before] }).find(({ rule }) => rule === 'identity/renamed')
      ?.message ?? ''
  expect(message({ ...phone('+47 21 50 00 01'), Extension: '4444' })).toContain('has the same name and +47 21 50 00 01.')
  expect(message(phone('+4721588888'))).toContain('has the same name and 2001.')
})

test('messages speak of one user and of an emptied location', () => {
  const customer: CustomerProfile = { ...fjordkraft, packages: [{ package: 'Webex Suite', limit: 0 }] }
  expect(check([soundUser(1)], { customer }).find(({ rule }) => rule === 'package/over-limit')?.message).toBe(
    '1 user would have Webex Suite; 0 were bought.',
  )
  const found = check([soundUser(1, { Location: '(clear)' })], { baseline: [soundUser(1)] })
  expect(found.find(({ rule }) => rule === 'calling/location-changed')?.message).toContain('ignores or refuses an empty one')
})

describe('what a file has no column for stays as the baseline has it', () => {
  const without = (...lacked: string[]): string[] => soundHeader.filter((column) => !lacked.some((name) => column.startsWith(name)))
  const found = (cells: Cells, before: Cells, header: readonly string[]): unknown[] => {
    const baseline = { ...sheet([soundUser(1, before)]), kind: 'export' as const }
    return listed(checkTable({ ...sheet([soundUser(1, cells)], { header }), facts, baseline })).map(({ rule, row, column, fix }) => [rule, row, column, fix?.value]) // prettier-ignore
  }
  test('Attendant Console', () => {
    const console = { 'Webex Attendant Console Advanced [Sub1]': 'TRUE' }
    const header = without('Webex Attendant Console')
    expect(found({}, console, header)).toEqual([])
    expect(found(on('Webex Calling'), console, header)).toEqual([])
    expect(found(on('Webex Voice', { 'Preferred Webex Site': '' }), console, header)).toEqual([['addon/needs-calling', 2, null, undefined]])
    expect(found(on('Webex Calling Standard'), { ...console, package: 'Webex Voice' }, header)).toEqual([
      ['addon/needs-calling', 2, null, undefined],
      ['addon/not-with-standard', 2, null, undefined],
    ])
    expect(found(on(''), console, header)).toEqual([['package/removal', 2, null, undefined]])
  })
  test('base licences', () => {
    const rule = 'base/paid-without-free'
    const paid = { 'Advanced Messaging': 'TRUE', 'Advanced Space Meetings': 'FALSE' }
    const before = { ...paid, 'Basic Messaging': 'FALSE' }
    expect(found(paid, before, without('Basic Messaging'))).toEqual([[rule, 2, null, undefined]])
    expect(found(before, before, without('Advanced Messaging'))).toEqual([[rule, 2, 'Basic Messaging', 'TRUE']])
    expect(found(before, before, without('Advanced Messaging', 'Advanced Space', 'Basic Messaging', 'Basic Space'))).toEqual([])
    expect(found(paid, { ...before, 'Advanced Messaging': 'FALSE' }, without('Basic'))).toEqual([[rule, 2, null, undefined]])
  })
})
