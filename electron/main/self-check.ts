/** Whether this runtime brings the database. Electron can be built without it, and there it has to be said before anything is opened. */
export async function hasDatabase(): Promise<boolean> {
  try {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(':memory:')
    const answer = database.prepare('SELECT 1 AS one').get()
    database.close()
    return answer?.['one'] === 1
  } catch {
    return false
  }
}
