// Edits a draft for as long as it lives: `edit.ts DATA_FOLDER DRAFT`. Says each revision that was acknowledged.
import { compose } from '../../../backend/compose.ts'
import { deedAt } from '../deeds.ts'
import { say } from './say.ts'

const [dataDir = '', draftId = ''] = process.argv.slice(2)
const { api } = compose({ dataDir }).services
const opened = await api['drafts.open']({ draftId })
if (!opened.ok) throw new Error(opened.error.code)
say('ready')
for (let revision = opened.value.revision; ;) {
  const deed = deedAt(revision)
  const done =
    deed === 'undo'
      ? await api['drafts.undo']({ draftId })
      : await api['drafts.edit']({ draftId, edit: { kind: 'set-cells', cells: [{ row: deed.row, column: 0, text: deed.text }] } })
  if (!done.ok) throw new Error(done.error.code)
  revision = done.value.revision
  say(`saved ${revision} ${done.value.state.savedRevision}`)
}
