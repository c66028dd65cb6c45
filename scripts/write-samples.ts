import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportedUsers } from './samples/export.ts'
import { customerProfile, header, type Row } from './samples/nordfjell.ts'
import { emptyLinesBefore, novemberUsers } from './samples/november.ts'

const samplesFolder = fileURLToPath(new URL('../resources/samples/', import.meta.url))

interface Form {
  readonly delimiter: string
  readonly emptyLinesBefore?: ReadonlySet<number>
}

function csv(rows: readonly Row[], { delimiter, emptyLinesBefore: empty }: Form): string {
  const quoted = (text: string): string => (/["\r\n]/u.test(text) || text.includes(delimiter) ? `"${text.replace(/"/gu, '""')}"` : text)
  const line = (cells: readonly string[]): string => `${cells.map(quoted).join(delimiter)}\r\n`
  return (
    line(header) + rows.map((row, at) => (empty?.has(at) === true ? '\r\n' : '') + line(header.map((column) => row[column] ?? ''))).join('')
  )
}

/** All that the samples hold is in Latin-1, which Windows-1252 agrees with but for 0x80–0x9F. */
function windows1252(text: string): Buffer {
  const beyond = /[^\u0000-\u007f\u00a0-\u00ff]/u.exec(text)
  if (beyond !== null) throw new Error(`"${beyond[0]}" is not in Latin-1`)
  return Buffer.from(text, 'latin1')
}

/** Name → bytes of every file in `resources/samples` that is made, not written by hand. */
export function sampleFiles(): ReadonlyMap<string, Buffer> {
  const exported = exportedUsers()
  const november = csv(novemberUsers(exported), { delimiter: ';', emptyLinesBefore })
  return new Map([
    ['nordfjell-export.csv', Buffer.from(csv(exported, { delimiter: ',' }))],
    ['nordfjell-november.csv', windows1252(november)],
    ['nordfjell.json', Buffer.from(`${JSON.stringify(customerProfile(), null, 2)}\n`)],
  ])
}

if (import.meta.main) {
  mkdirSync(samplesFolder, { recursive: true })
  for (const [name, bytes] of sampleFiles()) writeFileSync(path.join(samplesFolder, name), bytes)
}
