// Pushes a batch in small transactions: `push-to.ts DATA_FOLDER STORE BATCH MODE TIMES`. STORE `-`: the embedded one. Says how far it
// is after each of them, and how each of the TIMES pushes ended.
import { compose } from '../../../backend/compose.ts'
import { say } from './say.ts'

const [dataDir = '', store = '-', batch = '', mode = 'push', times = '1'] = process.argv.slice(2)
const backend = compose({ dataDir, ...(store === '-' ? {} : { store }) })
say('ready')
for (let time = 0; time < Number(times); time++) {
  const pushed = await backend.services.batches.push(
    { batch, by: `process ${process.pid}`, mode: mode === 'resume' ? 'resume' : 'push' },
    {
      chunk: 25,
      onProgress: (_, done) => {
        say(`done ${done}`)
      },
    },
  )
  say(
    pushed.ok
      ? `ended ${pushed.value.state} ${pushed.value.items.applied} ${pushed.value.items.skipped}`
      : `failed ${pushed.error.code} ${JSON.stringify(pushed.error)}`,
  )
}
await backend.close()
process.exit(0)
