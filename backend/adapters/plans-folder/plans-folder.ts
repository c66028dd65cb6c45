import path from 'node:path'
import type { FileAccess } from '../../ports/file-access.ts'
import type { OnboardingStore } from '../../ports/onboarding-store.ts'

/** One JSON file a plan or template: `onboarding/plans/<id>.json`. */
export function createPlansFolder(folder: string, files: FileAccess): OnboardingStore {
  const pathOf = (kind: string, id: string): string => {
    // Ids come back from windows and scripts; only what we made ourselves names a file.
    if (!/^[a-z0-9-]{1,64}$/u.test(id)) throw new Error('not an id of a plan')
    return path.join(folder, kind, `${id}.json`)
  }
  const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
  return {
    async list(kind) {
      const names = (await files.list(path.join(folder, kind))).filter((name) => /^[a-z0-9-]{1,64}\.json$/u.test(name))
      const read = await Promise.all(
        names.map(async (name) => ({ id: name.slice(0, -5), content: await files.read(path.join(folder, kind, name)) })),
      )
      return read.flatMap(({ id, content }) => (content.ok ? [{ id, text: textOf(content.value) }] : []))
    },
    async read(kind, id) {
      if (!/^[a-z0-9-]{1,64}$/u.test(id)) return null
      const content = await files.read(pathOf(kind, id))
      return content.ok ? textOf(content.value) : null
    },
    write: (kind, id, text) => files.write(pathOf(kind, id), Buffer.from(text), { replace: true }),
    remove: (kind, id) => files.remove(pathOf(kind, id)),
  }
}
