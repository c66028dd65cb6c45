import type { Client } from 'pg'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { StoreProblem } from '../../ports/provisioning-store.ts'
import { closedIfItThrows, createLine, type Line, type LineOptions } from './line.ts'
import { isLost, problemOf } from './trouble.ts'

/**
 * A line on which everything is read of one moment: a transaction that only reads and waits for nobody, nor anybody for it. It is not made
 * anew when its connection is lost, because that would be another moment.
 */
export async function openMoment(
  options: Omit<LineOptions, 'name' | 'prepare'>,
): Promise<Result<Pick<Line, 'url' | 'read' | 'close'>, StoreProblem>> {
  const line = createLine({ ...options, name: 'roster receipt' })
  const begun = await closedIfItThrows(line, () =>
    line.read(async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      // The moment is that of the first look.
      await client.query('SELECT 1 FROM roster.meta LIMIT 1')
      return client
    }),
  )
  if (begun.ok) return ok(momentOn(line, begun.value))
  await line.close()
  return begun
}

function momentOn(line: Line, reader: Client): Pick<Line, 'url' | 'read' | 'close'> {
  return {
    url: line.url,
    async read(work) {
      try {
        return ok(await work(reader))
      } catch (thrown) {
        // What the server does not answer in time it may still be at work on.
        if (isLost(thrown)) line.drop()
        return err(problemOf(line.url, thrown))
      }
    },
    close: () => line.close(),
  }
}
