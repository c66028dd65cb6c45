import type { Keeping } from './signers.ts'

/**
 * Passwords of team stores, in the system's key chain: on the disk sealed only, never among the arguments of a program. `place` says whose:
 * login, host, port and database.
 */
export interface StorePasswords {
  /** Whether there is a key chain to keep one in, asked anew each time: it can be locked or go away. */
  keeping(): Promise<Keeping>
  /** Null: none is kept, or it cannot be had now. */
  find(place: string): Promise<string | null>
  /** In place of an earlier one. False: the key chain did not take it, and what was kept before may be gone. */
  keep(place: string, password: string): Promise<boolean>
  /** Whether it is gone now; true as well where none was kept. */
  forget(place: string): Promise<boolean>
}
