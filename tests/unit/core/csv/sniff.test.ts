import { describe, expect, it } from 'vitest'
import { sniff } from '../../../../shared/core/csv/sniff.ts'
import { bytesOf } from '../../../support/tables.ts'

describe('what a file is', () => {
  it('is decided by its first bytes, not by its name', () => {
    expect(sniff(bytesOf('PK', 3, 4), 'users.csv')).toMatchObject({ kind: 'zip', misnamed: true })
    expect(sniff(bytesOf('PK', 3, 4), 'users.xlsx')).toMatchObject({ kind: 'zip', misnamed: false })
    expect(sniff(bytesOf('a,b\n'), 'users.xlsx')).toMatchObject({ kind: 'text', misnamed: true })
    expect(sniff(bytesOf('a,b\n'), 'users.csv')).toMatchObject({ kind: 'text', misnamed: false })
    expect(sniff(bytesOf('<html>'), 'users.xls')).toMatchObject({ kind: 'html' })
  })

  it('is found through white space, a byte order mark and UTF-16', () => {
    expect(sniff(bytesOf('\ufeff \r\n<HTML>'), 'x.csv').kind).toBe('html')
    expect(sniff(bytesOf(0xff, 0xfe, ...Buffer.from('<html>', 'utf16le')), 'x.csv').kind).toBe('html')
    expect(sniff(bytesOf('<?xml version="1.0"?>'), 'x.csv').kind).toBe('xml')
  })
})
