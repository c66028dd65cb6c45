// Opens a draft and keeps it: `hold.ts DATA_FOLDER DRAFT`. Says whether it may write.
import { compose } from '../../../backend/compose.ts'
import { say } from './say.ts'

const [dataDir = '', draftId = ''] = process.argv.slice(2)
const { api } = compose({ dataDir }).services
const opened = await api['drafts.open']({ draftId })
say(opened.ok ? (opened.value.readOnly ? 'reads' : 'writes') : `failed ${opened.error.code}`)
// Holding on to it, or the whole backend would be let go as garbage, and the draft with it.
setInterval(() => api, 1000)
