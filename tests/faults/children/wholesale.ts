// Sends a pushed batch to the Wholesale API: `wholesale.ts DATA_FOLDER BATCH URL TOKEN`. Says how far it is after each item.
import { compose } from '../../../backend/compose.ts'
import { hurriedApi } from '../../support/wholesale-batch.ts'
import { say } from './say.ts'

const [dataDir = '', batch = '', url = '', token = ''] = process.argv.slice(2)
const { wholesale } = compose({ dataDir, wholesale: hurriedApi(url) }).services
const sent = await wholesale.send(
  { batch, by: 'Per', token },
  {
    progress: (_, done) => {
      say(`done ${done}`)
    },
  },
)
say(sent.ok ? 'ended' : `failed ${sent.error.code}`)
process.exit(sent.ok ? 0 : 1)
