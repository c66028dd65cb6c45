import { spawn } from 'node:child_process'
import type { Keeping } from '../../ports/signers.ts'
import type { StorePasswords } from '../../ports/store-passwords.ts'

/** A program of the system that speaks to its key chain. Secrets come and go by its pipes, never among its arguments. */
interface KeyChainProgram {
  readonly path: string
  readonly store: (place: string, text: string) => Call
  readonly find: (place: string) => Call
  readonly forget: (place: string) => Call
  /** Whether a failed look-up only says that nothing is kept. */
  readonly saysNone: (ended: Ended) => boolean
}
interface Call {
  readonly words: readonly string[]
  readonly input?: string
}
interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const attributes = (place: string) => ['application', 'roster', 'store', place]

/** GNOME Keyring, KWallet and whatever else serves `org.freedesktop.secrets`; libsecret's own tool (Debian: libsecret-tools). */
const secretTool: KeyChainProgram = {
  path: 'secret-tool',
  store: (place, text) => ({ words: ['store', `--label=Roster: ${place}`, ...attributes(place)], input: text }),
  find: (place) => ({ words: ['lookup', ...attributes(place)] }),
  forget: (place) => ({ words: ['clear', ...attributes(place)] }),
  saysNone: ({ code, err }) => code === 1 && err === '',
}

/** macOS's Keychain. With `-i` it reads its commands, so that the secret is no argument. */
const security: KeyChainProgram = {
  path: '/usr/bin/security',
  store: (place, text) => ({ words: ['-i'], input: `add-generic-password -U -s Roster -a "${place}" -w "${text}"\n` }),
  find: (place) => ({ words: ['find-generic-password', '-s', 'Roster', '-a', place, '-w'] }),
  forget: (place) => ({ words: ['delete-generic-password', '-s', 'Roster', '-a', place] }),
  // errSecItemNotFound
  saysNone: ({ code }) => code === 44,
}

const programs: Readonly<Partial<Record<NodeJS.Platform, KeyChainProgram>>> = { linux: secretTool, darwin: security }

/** A key chain may ask its owner to unlock it; nobody answers that for ever. */
const patienceMs = 60_000

/**
 * For a host without a key chain of its own (the command line, the app in a browser): through the program that the system has for it. On
 * Windows there is none that gives a secret back. Passwords stand in there as base64, which every such program hands back unchanged.
 */
export function createKeyChainProgram(
  environment: Readonly<Record<string, string | undefined>>,
  program: KeyChainProgram | undefined = programs[process.platform],
): StorePasswords {
  if (program === undefined) {
    return {
      keeping: async () => ({ by: 'passphrase', why: 'host' }),
      find: async () => null,
      keep: async () => false,
      forget: async () => true,
    }
  }

  async function find(place: string): Promise<string | null> {
    const ended = await ask(program?.path ?? '', program?.find(place) ?? { words: [] }, environment)
    return ended?.code === 0 ? Buffer.from(ended.out.trim(), 'base64').toString('utf8') : null
  }
  return {
    async keeping(): Promise<Keeping> {
      const ended = await ask(program.path, program.find('-'), environment)
      if (ended === null) return { by: 'passphrase', why: 'host' }
      return ended.code === 0 || program.saysNone(ended) ? { by: 'key-chain' } : { by: 'passphrase', why: 'unavailable' }
    },
    find,
    async keep(place, password) {
      // What such a program answers differs; that the password comes back is what counts.
      await ask(program.path, program.store(place, Buffer.from(password, 'utf8').toString('base64')), environment)
      return (await find(place)) === password
    },
    async forget(place) {
      await ask(program.path, program.forget(place), environment)
      const ended = await ask(program.path, program.find(place), environment)
      return ended === null || program.saysNone(ended)
    },
  }
}

/** Null: there is no such program. */
function ask(path: string, { words, input = '' }: Call, environment: Readonly<Record<string, string | undefined>>): Promise<Ended | null> {
  return new Promise((resolve) => {
    const child = spawn(path, words, { env: environment, stdio: 'pipe', timeout: patienceMs, windowsHide: true })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece))
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece))
    child.on('error', () => {
      resolve(null)
    })
    child.on('close', (code) => {
      resolve({ code, out, err })
    })
    // It may end without reading what it has no use for.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
