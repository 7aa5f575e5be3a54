import { type DoorCertificate, openSealedPostgresDoor } from '../gateways/postgres/index.ts'
import { openSealedSshDoor } from '../gateways/ssh/index.ts'
import type { Keeper } from '../keeper/client.ts'
import { standInCertificate } from './stand-in-certificate.ts'

interface Address {
  host: string
  port: number
}

/** What people at a door are told; why exactly is for who runs the server, at /readyz and `claviger seal status`. */
const words = {
  shares: {
    sentence: 'Claviger is sealed: nothing opens until its custodians give their shares',
    ssh: '(claviger unseal). Try again when they have.',
    hint: 'They type: claviger unseal. Try again when they have.',
  },
  itself: {
    sentence: 'Claviger is sealed: nothing opens until the key that opens it is back',
    ssh: '(claviger seal status says what is missing). Try again then.',
    hint: 'What is missing says: claviger seal status. Try again then.',
  },
} as const

/** Whether custodians open it, as far as the keeper says. */
export async function takesShares(keeper: Keeper): Promise<boolean> {
  const status = await keeper.ask('status', {})
  return !status.ok || status.value.seal === 'none' || status.value.seal === 'shamir'
}

/**
 * Both doors while the seal is closed: whoever comes is told so. `certificate` is the one that the gateway had while the seal was open: its key
 * is the gateway's own and opens nothing.
 */
export async function openSealedDoors(
  where: { ssh: Address; postgres: Address },
  certificate: DoorCertificate | undefined,
  byShares: boolean,
) {
  const say = byShares ? words.shares : words.itself
  const ssh = await openSealedSshDoor(where.ssh, `${say.sentence} ${say.ssh}`)
  try {
    const postgres = await openSealedPostgresDoor(where.postgres, certificate ?? standInCertificate(), {
      sentence: `${say.sentence}.`,
      hint: say.hint,
    })
    return { close: async () => void (await Promise.all([ssh.close(), postgres.close()])) }
  } catch (error) {
    // it is tried again, and must not meet its own door
    await ssh.close()
    throw error
  }
}
