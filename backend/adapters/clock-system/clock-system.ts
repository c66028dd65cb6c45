import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  monotonic: () => performance.now(),
  random: (bytes) => randomBytes(bytes).toString('hex'),
  uuid: () => randomUUID(),
}
