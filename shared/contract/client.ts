import type { Api, Contract, Transport } from './method.ts'

/** Turns a transport into the typed API that the renderer and the command line use. */
export function createClient<C extends Contract>(contract: C, transport: Transport): Api<C> {
  const entries = Object.keys(contract).map((name) => [name, (input: unknown) => transport.call(name, input)])
  return Object.fromEntries(entries) as Api<C>
}
