import { openSealedMysqlDoor } from '../gateways/mysql/index.ts'
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
 * The doors while the seal is closed: whoever comes is told so. `certificate` is the one that the gateway had while the seal was open: its key
 * is the gateway's own and opens nothing.
 */
export async function openSealedDoors(
  where: { ssh: Address; postgres: Address; mysql: Address },
  certificate: DoorCertificate | undefined,
  byShares: boolean,
) {
  const { sentence, ssh, hint } = byShares ? words.shares : words.itself
  const toDatabases = { sentence: `${sentence}.`, hint }
  const openings = [
    () => openSealedSshDoor(where.ssh, `${sentence} ${ssh}`),
    () => openSealedPostgresDoor(where.postgres, certificate ?? standInCertificate(), toDatabases),
    () => openSealedMysqlDoor(where.mysql, toDatabases),
  ]
  const doors: { close(): Promise<void> }[] = []
  const close = async () => void (await Promise.all(doors.map((door) => door.close())))
  try {
    for (const open of openings) doors.push(await open())
    return { close }
  } catch (error) {
    // it is tried again, and must not meet its own door
    await close()
    throw error
  }
}
