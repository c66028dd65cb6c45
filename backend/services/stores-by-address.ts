import type { ProvisioningStores } from '../ports/provisioning-store.ts'

export interface StoresByAddress {
  readonly embedded: ProvisioningStores
  readonly team: ProvisioningStores
  readonly isTeam: (url: string) => boolean
  /** What "no address" stands for; absent: the embedded store. */
  readonly usual: string | undefined
}

/**
 * One door to both kinds of store. The embedded one is made with the first batch. A team's is made only by somebody who asks for
 * just that (`init`): a mistyped database name is no new store.
 */
export function storesByAddress({ embedded, team, isTeam, usual }: StoresByAddress): ProvisioningStores {
  return {
    exists: async () => (usual === undefined ? embedded.exists() : true),
    async open(url, options) {
      const address = url ?? usual
      return address !== undefined && isTeam(address)
        ? team.open(address, { ...options, create: options.init === true })
        : embedded.open(address, { create: options.create })
    },
  }
}
