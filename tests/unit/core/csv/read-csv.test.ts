import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../../shared/core/csv/read-csv.ts'
import { limits } from '../../../../shared/core/limits.ts'
import { bytesOf, cellsOf, headerOf, numbersOf, readOk, readProblem, written } from '../../../support/tables.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/csv')
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)))

describe('cells', () => {
  it('keeps every cell as the characters that stand in the file', () => {
    const { table } = readOk('ext,amount,flag,date\n0042,1.50,TRUE,2026-01-02\n 7 ,+47,,1e5\n')
    expect(cellsOf(table)).toEqual([
      ['0042', '1.50', 'TRUE', '2026-01-02'],
      [' 7 ', '+47', '', '1e5'],
    ])
  })

  it('reads quotes, doubled quotes, delimiters and line ends in cells', () => {
    const { table } = readOk('a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",""\r\n"""",z\r\n')
    expect(cellsOf(table)).toEqual([
      ['x, y', 'say "hi"'],
      ['two\r\nlines', ''],
      ['"', 'z'],
    ])
    expect(numbersOf(table)).toEqual([2, 3, 4])
  })

  it('keeps what stands behind a closing quote, and quotes inside bare cells', () => {
    expect(cellsOf(readOk('a,b\n"x"y,5" pipe\n"p"" q" r,s"t"\n').table)).toEqual([
      ['xy', '5" pipe'],
      ['p" q r', 's"t"'],
    ])
  })

  it('keeps spaces between a closing quote and the delimiter, after a cell of several lines too', () => {
    expect(cellsOf(readOk('a,b\n"x\ny" ,"z" \n').table)).toEqual([['x\ny ', 'z ']])
  })

  it('takes a space before a quote as text', () => {
    expect(cellsOf(readOk('a,b\nx, "y"\n').table)).toEqual([['x', ' "y"']])
  })

  it('reads the last row with and without a line end', () => {
    for (const end of ['', '\n', '\r\n', '\r']) expect(cellsOf(readOk(`a,b\n1,2\n3,"4"${end}`).table)).toEqual([['1', '2'], ['3', '4']]) // prettier-ignore
  })

  it('keeps columns called __proto__, constructor and toString, and equal ones, by their place', () => {
    const { table } = readOk('__proto__,constructor,toString,x,x\n1,2,3,4,5\n')
    expect(headerOf(table)).toEqual(['__proto__', 'constructor', 'toString', 'x', 'x'])
    expect(cellsOf(table)).toEqual([['1', '2', '3', '4', '5']])
  })

  it('passes over a DOS end-of-file mark', () => {
    const bytes = bytesOf('a,b\r\n1,2\r\n', 0x1a)
    const { table, facts } = readOk(bytes)
    expect(cellsOf(table)).toEqual([['1', '2']])
    expect(written(table, { dialect: facts })).toEqual(bytes)
  })
})

describe('row numbers', () => {
  it('are the spreadsheet’s: empty lines are no rows and keep their number', () => {
    const { table, facts } = readOk('a,b\n1,2\n\n,\n"",""\n3,4\n\n')
    expect(cellsOf(table)).toEqual([['1', '2'], ['3', '4']]) // prettier-ignore
    expect(numbersOf(table)).toEqual([2, 6])
    expect(facts).toMatchObject({ headerRow: 1, emptyLines: 4 })
  })

  it('count a row with line ends in its cells once', () => {
    expect(numbersOf(readOk('a,b\n"1\n1\n1",2\n3,4\n').table)).toEqual([2, 3])
  })

  it('start below title rows, where the caller knows a header when it sees one', () => {
    const known = new Set(['First Name', 'Email'])
    const scoreHeader = (cells: readonly string[]): number => cells.filter((cell) => known.has(cell)).length
    const { table, facts } = readOk('Users of Fjord\n\nFirst Name,Email\nKari,k@f.no\n', { scoreHeader })
    expect(headerOf(table)).toEqual(['First Name', 'Email'])
    expect(facts).toMatchObject({ headerRow: 3, emptyLines: 1 })
    expect(numbersOf(table)).toEqual([4])
  })

  it('are found from the header row a person names', () => {
    const { table, facts } = readOk('x,y\na,b\n1,2\n', { headerRow: 2 })
    expect(headerOf(table)).toEqual(['a', 'b'])
    expect(facts.headerRow).toBe(2)
    expect(readProblem('x,y\n1,2\n', { headerRow: 9 })).toMatchObject({ reason: 'no-header' })
  })
})

describe('ragged rows', () => {
  it('are kept, with what is missing read as empty and what is surplus beside them', () => {
    const { table } = readOk('a,b,c\n1\n1,2,3\n1,2,3,4,5\n1,2\n')
    expect(cellsOf(table)).toEqual([
      ['1', '', ''],
      ['1', '2', '3'],
      ['1', '2', '3'],
      ['1', '2', ''],
    ])
    expect([...table.ragged]).toEqual([
      [0, { cellCount: 1, surplus: [] }],
      [2, { cellCount: 5, surplus: ['4', '5'] }],
      [3, { cellCount: 2, surplus: [] }],
    ])
  })
})

describe('a text that repeats', () => {
  it('is not taken for the row above where the row above had it in quotes', () => {
    const { table } = readOk('a,b,c\n"Oslo, HQ",x,y\nOslo, HQ,x,y\nOslo, HQ,x\n')
    expect(cellsOf(table)).toEqual([
      ['Oslo, HQ', 'x', 'y'],
      ['Oslo', ' HQ', 'x'],
      ['Oslo', ' HQ', 'x'],
    ])
    expect([...table.ragged]).toEqual([[1, { cellCount: 4, surplus: ['y'] }]])
  })

  it('is told from one that only begins alike', () => {
    expect(cellsOf(readOk('a,b\nFALSE,1\nFALSES,1\nFALS,11\nFALSE,1\n').table)).toEqual([
      ['FALSE', '1'],
      ['FALSES', '1'],
      ['FALS', '11'],
      ['FALSE', '1'],
    ])
  })
})

describe('dialects', () => {
  const text = 'Navn;Sted\r\nKåre Øst;Ålesund\r\n'
  const wide = (bigEndian: boolean): Uint8Array => {
    const bytes = new Uint8Array(Buffer.from(text, 'utf16le'))
    return bigEndian ? new Uint8Array(Buffer.from(bytes).swap16()) : bytes
  }
  const cases = [
    ['UTF-8', bytesOf(text), { encoding: 'utf-8', bom: false }],
    ['UTF-8 with a mark', bytesOf('\ufeff', text), { encoding: 'utf-8', bom: true }],
    ['UTF-16 LE', wide(false), { encoding: 'utf-16le', bom: false }],
    ['UTF-16 BE', wide(true), { encoding: 'utf-16be', bom: false }],
    ['UTF-16 LE with a mark', bytesOf(0xff, 0xfe, ...wide(false)), { encoding: 'utf-16le', bom: true }],
    ['UTF-16 BE with a mark', bytesOf(0xfe, 0xff, ...wide(true)), { encoding: 'utf-16be', bom: true }],
    ['Windows-1252', new Uint8Array(Buffer.from(text, 'latin1')), { encoding: 'windows-1252', bom: false }],
  ] as const

  it.each(cases)('reads %s, and writes it back byte for byte', (_, bytes, found) => {
    const { table, facts } = readOk(bytes)
    expect(facts).toMatchObject({ ...found, delimiter: ';', lineEnding: 'crlf' })
    expect(cellsOf(table)).toEqual([['Kåre Øst', 'Ålesund']])
    expect(headerOf(table)).toEqual(['Navn', 'Sted'])
    expect(written(table, { dialect: facts })).toEqual(bytes)
  })

  it('reads the euro sign and curly quotes of Windows-1252', () => {
    expect(cellsOf(readOk(bytesOf('a,b\n', 0x80, ',', 0x93, 'x', 0x94, '\n')).table)).toEqual([['€', '“x”']])
  })

  it.each([
    [',', 'a,b;c,d\n1,2,3\n'],
    [';', 'price;place;who\n1,5;Oslo, Norway;x\n2,5;Bergen, Norway;y\n'],
    ['\t', 'a\tb,c\td\n1\t2,3,4\t5\n'],
    ['|', 'a|b\n1,2|3;4\n'],
    [';', '"a;x";"b";c\n1;2;3\n'],
    [';', 'A title row\nName;Mail\nKari;k@f.no\nOla;o@f.no\n'],
    [',', 'one\n1\n2\n'],
  ])('finds the delimiter %j', (delimiter, text) => {
    expect(readOk(text).facts.delimiter).toBe(delimiter)
  })

  it.each(['crlf', 'lf', 'cr'] as const)('finds %s line ends outside quotes', (kind) => {
    const end = { crlf: '\r\n', lf: '\n', cr: '\r' }[kind]
    expect(readOk(`a,b${end}1,"x\ny\rz"${end}3,4`).facts.lineEnding).toBe(kind)
  })

  it('reads mixed line ends row by row, without merging any', () => {
    const { table, facts } = readOk('a,b\r\n1,2\n3,4\r5,6\r\n')
    expect(facts.lineEnding).toBe('mixed')
    expect(cellsOf(table).map((cells) => cells.join())).toEqual(['1,2', '3,4', '5,6'])
    expect(readOk('a,b').facts.lineEnding).toBe('none')
  })

  it('honours a sep= line and passes over it', () => {
    const { table, facts } = readOk('sep=;\r\na;b,c\r\n1;2,3\r\n')
    expect(headerOf(table)).toEqual(['a', 'b,c'])
    expect(facts).toMatchObject({ delimiter: ';', headerRow: 1 })
    expect(numbersOf(table)).toEqual([2])
  })

  it('does what it is told instead of what it finds', () => {
    const bytes = bytesOf('a;b,c\nø;1,2\n')
    expect(headerOf(readOk(bytes, { delimiter: ',' }).table)).toEqual(['a;b', 'c'])
    expect(cellsOf(readOk(bytes, { encoding: 'windows-1252', delimiter: ';' }).table)[0]![0]).toBe('Ã¸')
  })

  it('takes a look-alike byte order mark inside a cell for a character', () => {
    expect(cellsOf(readOk('a,b\n\ufeffx,y\n').table)).toEqual([['\ufeffx', 'y']])
  })
})

describe('unusable files', () => {
  it.each([
    ['empty', bytesOf('')],
    ['empty', bytesOf('\r\n\r\n,,,\r\n')],
    ['empty', bytesOf('\ufeff')],
    ['binary', bytesOf('PK', 3, 4, 'rest')],
    ['binary', bytesOf(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
    ['binary', bytesOf('%PDF-1.7')],
    ['binary', bytesOf(0xff, 0xd8, 0xff, 0xe0)],
    ['binary', bytesOf(0x89, 'PNG\r\n')],
    ['binary', bytesOf('GIF89a')],
    ['binary', bytesOf(0x1f, 0x8b, 8)],
    ['binary', bytesOf('SQLite format 3', 0)],
    ['binary', bytesOf(0x7f, 'ELF')],
    ['binary', bytesOf('MZ', 0x90, 0, 3, ...new Array<number>(80).fill(0))],
    ['not-a-table', bytesOf('  <!DOCTYPE html><html>')],
    ['not-a-table', bytesOf('<html><body><table>')],
  ])('says %s', (reason, bytes) => {
    expect(readProblem(bytes)).toMatchObject({ reason })
  })

  it('reads a column that is called MZ', () => {
    expect(headerOf(readOk('MZ,x\n1,2\n').table)).toEqual(['MZ', 'x'])
  })

  it('refuses a NUL byte and says in which row', () => {
    expect(readProblem(bytesOf('a,b\n1,"2\n2"\n3,', 0, '4\n'))).toMatchObject({ reason: 'nul-byte', row: 3 })
  })

  it('refuses broken UTF-8 under a byte order mark, and half a character of UTF-16, with the row', () => {
    expect(readProblem(bytesOf('\ufeffa,b\n1,2\n3,', 0xff, '\n'))).toMatchObject({ reason: 'undecodable', row: 3 })
    const wide = bytesOf(0xff, 0xfe, ...Buffer.from('a,b\n1,', 'utf16le'), 0x00, 0xd8, 0x2c, 0)
    expect(readProblem(wide)).toMatchObject({ reason: 'undecodable', row: 2 })
  })

  const rows = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `user${String(from + i)}@example.no,"Oslo, Norway"\n`).join('')

  it('refuses a quote that is never closed and says where it began', () => {
    expect(readProblem(`a,b\n${rows(0, 500)}x,"open\n${'plain,row\n'.repeat(100)}`)).toMatchObject({
      reason: 'unterminated-quote',
      row: 502,
    })
  })

  it('does not swallow rows up to the next quoted cell', () => {
    expect(readProblem(`a,b\n${rows(0, 500)}x,"open\n${rows(500, 900)}`)).toMatchObject({ reason: 'unterminated-quote', row: 502 })
  })

  it('says so of the header too', () => {
    expect(readProblem('a,"b\n1,2\n')).toMatchObject({ reason: 'unterminated-quote', row: 1 })
  })

  it('takes no more than the limits, and names the row', () => {
    const small = { fileBytes: 200, rows: 3, columns: 4, cellCharacters: 10, emptyLines: 5 }
    expect(readProblem('x'.repeat(201), { limits: small })).toMatchObject({ reason: 'over-limit' })
    expect(readProblem('a\n1\n2\n3\n4\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 5 })
    expect(readProblem('a\n1\n\n2\n\n3\n4\n\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 7 })
    expect(readOk('a\n1\n2\n3\n', { limits: small }).table.rows).toHaveLength(3)
    expect(readProblem('a,b,c,d,e\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 1 })
    expect(readProblem('a,b\n1,2\n1,2,3,4,5\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 3 })
    expect(readProblem('a,b\n1,2\n1,01234567890\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 3 })
    expect(readProblem('a,b\n1,2\n1,"01234567890"\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 3 })
    expect(cellsOf(readOk('a,b\n1,øøøøøøøøøø\n', { limits: small }).table)).toEqual([['1', 'øøøøøøøøøø']])
    expect(readProblem(`a\n${'\n'.repeat(6)}`, { limits: small })).toMatchObject({ reason: 'over-limit', row: 7 })
    expect(readProblem(`${'\n'.repeat(6)}a\n`, { limits: small })).toMatchObject({ reason: 'over-limit', row: 6 })
    expect(readProblem('a,01234567890\n1,2\n', { limits: small })).toMatchObject({ reason: 'over-limit', row: 1 })
  })

  it('admits a million rows of 200 bytes', () => {
    expect(limits.rows).toBeGreaterThanOrEqual(1_000_000)
    expect(limits.fileBytes).toBeGreaterThan(250_000_000)
  })
})

describe('longer than a 16-bit length', () => {
  it('keeps a cell of 30,000 three-byte characters', () => {
    const text = '漢'.repeat(30_000)
    const rows = Array.from({ length: 300 }, (_, i) => `${String(i)},${text.slice(i)}`)
    const { table } = readOk(`a,b\n${rows.join('\n')}\n`)
    expect(table.columns[1]!.textOf(0)).toBe(text)
    expect(table.columns[1]!.textOf(299)).toBe(text.slice(299))
  })
})

describe('csv-spectrum', () => {
  it.each(readdirSync(join(fixtures, 'csv-spectrum')).filter((name) => name.endsWith('.csv')))('%s', (name) => {
    const bytes = fixture(`csv-spectrum/${name}`)
    const { table, facts } = readOk(bytes)
    const header = headerOf(table)
    const objects = cellsOf(table).map((cells) => Object.fromEntries(cells.map((cell, i) => [header[i], cell])))
    expect(objects).toEqual(JSON.parse(readFileSync(join(fixtures, `csv-spectrum/json/${name.replace('.csv', '.json')}`), 'utf8')))
    expect(written(table, { dialect: facts })).toEqual(bytes)
  })
})

describe('frictionless', () => {
  it.each(readdirSync(join(fixtures, 'frictionless')).filter((name) => /\.[ct]sv$/.test(name)))('%s goes in and out unchanged', (name) => {
    const bytes = fixture(`frictionless/${name}`)
    const { table, facts } = readOk(bytes)
    expect(table.live.length).toBeGreaterThan(name === 'leading-zeros.csv' ? 0 : 1)
    expect(written(table, { dialect: facts })).toEqual(bytes)
  })

  it('knows the delimiters and encodings of those files', () => {
    expect(readOk(fixture('frictionless/accent.csv')).facts.delimiter).toBe(';')
    expect(readOk(fixture('frictionless/table.tsv')).facts.delimiter).toBe('\t')
    expect(readOk(fixture('frictionless/latin1.csv')).facts.encoding).toBe('windows-1252')
    expect(readOk(fixture('frictionless/blank-rows-multiple.csv')).facts.emptyLines).toBe(11)
    expect(readOk(fixture('frictionless/structure-errors.csv')).table.ragged.size).toBe(1)
  })
})

it('reads a Node Buffer as it reads plain bytes', () => {
  const result = readCsv(Buffer.from('a,b\n1,2\n'), { name: 'x.csv' })
  expect(result.ok && cellsOf(result.value.table)).toEqual([['1', '2']])
})
