// node --expose-gc open-and-close.ts FILE FOLDER ROUNDS: a draft of FILE is opened, edited and closed over and over. Prints its memory after each.
import { compose } from '../../../backend/compose.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'

const [file = '', folder = '', rounds = '20'] = process.argv.slice(2)
const backend = compose({ dataDir: folder })

async function call<Name extends keyof Methods>(name: Name, input: InputOf<Methods[Name]>): Promise<OutputOf<Methods[Name]>> {
  const answer = await backend.dispatch(name, input)
  if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`)
  return answer.value as never
}

/** In MB, when nothing is left that could be collected. */
async function memory(): Promise<{ readonly rss: number; readonly held: number }> {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss: rss / 2 ** 20, held: (heapUsed + external) / 2 ** 20 }
}

const empty = await memory()
const ticket = await backend.registerPath(file)
if (!ticket.ok) throw new Error(JSON.stringify(ticket.error))
const { id: draftId, columns } = await call('drafts.create', { ticket: ticket.value.ticket, job: 'create' })
const open = await memory()
const rows = Array.from({ length: 5_000 }, (_, n) => n * 7)
const closed = []
for (let round = 0; round < Number(rounds); round++) {
  await call('drafts.state', { draftId })
  // What is looked up, sorted and worked out beside the table is made, too.
  for (const { index } of columns)
    await call('drafts.edit', { draftId, edit: { kind: 'set-cells', cells: [{ row: round, column: index, text: 'x' }] } })
  await call('drafts.edit', {
    draftId,
    edit: { kind: 'paste', rows, columns: [3, 4], texts: rows.map((n) => [`+4722${String(1_000_000 + n)}`, '2001']) },
  })
  await call('drafts.undo', { draftId })
  await call('drafts.setView', { draftId, view: { sort: [{ column: 2, direction: round % 2 === 0 ? 'up' : 'down' }], filter: [] } })
  await call('findings.list', { draftId, from: 0, count: 50, language: 'en' })
  await call('drafts.close', { draftId })
  closed.push(await memory())
}
process.stdout.write(`\n@@${JSON.stringify({ empty, open, closed })}\n`)
await backend.close()
