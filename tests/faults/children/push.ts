// Pushes a batch in small transactions: `push.ts DATA_FOLDER BATCH MODE`. Says how far it is after each of them.
import { compose } from '../../../backend/compose.ts'
import { say } from './say.ts'

const [dataDir = '', batch = '', mode = 'push'] = process.argv.slice(2)
const { batches } = compose({ dataDir }).services
const pushed = await batches.push(
  { batch, by: 'Per', mode: mode === 'resume' ? 'resume' : 'push' },
  {
    chunk: 25,
    onProgress: (_, done) => {
      say(`done ${done}`)
    },
  },
)
say(pushed.ok ? `ended ${pushed.value.state}` : `failed ${pushed.error.code}`)
process.exit(pushed.ok ? 0 : 1)
