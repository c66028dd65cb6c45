// @vitest-environment happy-dom
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { parseHtml, parseTsv, readClipboard, serialiseHtml, serialiseTsv } from '../../../../renderer/src/grid/clipboard.ts'

describe('text for the clipboard', () => {
  it('is what spreadsheets write: tabs, line ends, quotes only where needed', () => {
    expect(
      serialiseTsv([
        ['Kari', '0042'],
        ['two\nlines', 'a "quote"'],
      ]),
    ).toBe('Kari\t0042\r\n"two\nlines"\t"a ""quote"""\r\n')
  })

  it('of one cell is that cell, without a line end', () => {
    expect(serialiseTsv([['+4721550001']])).toBe('+4721550001')
  })
})

describe('pasted text', () => {
  it('keeps zeros, pluses and blanks as they stand', () => {
    expect(parseTsv('0042\t+4721\t\r\n\t\t x \r\n')).toEqual([
      ['0042', '+4721', ''],
      ['', '', ' x '],
    ])
  })

  it('reads quoted cells with line ends, tabs and doubled quotes', () => {
    expect(parseTsv('"a\r\nb"\t"say ""hi"""\t"c\td"\n')).toEqual([['a\r\nb', 'say "hi"', 'c\td']])
  })

  it('takes a quote for a character where it does not enclose the cell', () => {
    expect(parseTsv('"Nett" nord\tx\n5" pipe\ty')).toEqual([
      ['"Nett" nord', 'x'],
      ['5" pipe', 'y'],
    ])
    expect(parseTsv('"never closed\tx')).toEqual([['"never closed', 'x']])
  })

  it('is one cell where it has neither tab nor line end, also when empty', () => {
    expect(parseTsv('Oslo')).toEqual([['Oslo']])
    expect(parseTsv('')).toEqual([['']])
  })

  it('gets short rows filled up, so that a block stays a block', () => {
    expect(parseTsv('a\tb\tc\nd')).toEqual([
      ['a', 'b', 'c'],
      ['d', '', ''],
    ])
  })

  it('may have a million rows', () => {
    expect(parseTsv('Oslo\r\n'.repeat(1_000_000))).toHaveLength(1_000_000)
  })

  it('agrees with papaparse on well-formed tables', () => {
    const text = 'Kari\t"1\n2"\t""\r\n"x""y"\t \t+47\r\n'
    expect(parseTsv(text)).toEqual(Papa.parse(text.replace(/\r\n$/u, ''), { delimiter: '\t', newline: '\r\n' }).data)
  })
})

describe('a pasted table', () => {
  it('comes back as it was copied', () => {
    const block = [
      ['0042', 'a & <b> "c"'],
      ['two\nlines', ''],
    ]
    expect(parseHtml(serialiseHtml(block))).toEqual(block)
  })

  it('tells Excel and LibreOffice that its cells are text', () => {
    expect(serialiseHtml([['0042']])).toContain(String.raw`mso-number-format:'\@'`)
    // Without it LibreOffice 7.4 makes 42 of 0042, a number of +4721500001, and works out =1+1.
    expect(serialiseHtml([['0042']])).toContain('sdnum="1033;0;@"')
  })

  it('spreads merged cells and reads line breaks', () => {
    const html = '<table><tr><td rowspan="2">A</td><td colspan="2">B</td></tr><tr><td>c<br>d</td><td>e</td></tr></table>'
    expect(parseHtml(html)).toEqual([
      ['A', 'B', ''],
      ['', 'c\nd', 'e'],
    ])
  })

  it('gives back the line ends and tabs that LibreOffice 7.4 leaves out of its text, and nothing else', () => {
    const plain = 'Kari\t0042\t+4721500001\t1001\tline1 line2\nOla "Ole"\t\ta b\t0.5\tTRUE\nÅse\t2\t1002\tx\t  space \n'
    const cells = [
      ['Kari', '0042', '+4721500001', '1001', 'line1<br>line2'],
      ['Ola &quot;Ole&quot;', '<br>', 'a\tb', '0.5', 'TRUE'],
      ['Åse', '2', '1002', 'x', '  space '],
    ]
    const head = '<!DOCTYPE html>\n<html>\n<head>\n\t\n\t<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>\n</head>\n'
    const lines = cells.map(
      (row) => `\t<tr>\n${row.map((cell) => `\t\t<td align="left" sdnum="1033;0;@">${cell}</td>\n`).join('')}\t</tr>\n`,
    )
    const html = `${head}<body>\n<table cellspacing="0" border="0">\n\t<colgroup span="5" width="89"></colgroup>\n${lines.join('')}</table>\n</body>\n</html>\n`
    expect(readClipboard(plain, html)).toEqual([
      ['Kari', '0042', '+4721500001', '1001', 'line1\nline2'],
      ['Ola "Ole"', '', 'a\tb', '0.5', 'TRUE'],
      ['Åse', '2', '1002', 'x', '  space '],
    ])
    // A table of another shape, or one that says something else, is not what the text is.
    expect(readClipboard('line1 line2\n', html)).toEqual([['line1 line2']])
    expect(readClipboard(plain.replace('line1 line2', 'another'), html)?.[0]?.[4]).toBe('another')
  })

  it('is read only where there is no plain text', () => {
    expect(readClipboard('plain', '<table><tr><td>html</td></tr></table>')).toEqual([['plain']])
    expect(readClipboard('', '<table><tr><td>html</td></tr></table>')).toEqual([['html']])
    expect(readClipboard('', '<p>no table</p>')).toBeNull()
    expect(readClipboard('', '')).toBeNull()
  })
})
