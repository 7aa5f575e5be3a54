import { type DoorCertificate, openSealedPostgresDoor } from '../gateways/postgres/index.ts'
import { openSealedSshDoor } from '../gateways/ssh/index.ts'
import { standInCertificate } from './stand-in-certificate.ts'

interface Address {
  host: string
  port: number
}

const sentence = 'Claviger is sealed: nothing opens until its custodians give their shares'

/**
 * Both doors while the seal is closed: whoever comes is told so. `certificate` is the one that this process had while the seal was open: its key
 * is the gateway's own and opens nothing.
 */
export async function openSealedDoors(where: { ssh: Address; postgres: Address }, certificate: DoorCertificate | undefined) {
  const ssh = await openSealedSshDoor(where.ssh, `${sentence} (claviger unseal). Try again when they have.`)
  try {
    const hint = 'They type: claviger unseal. Try again when they have.'
    const postgres = await openSealedPostgresDoor(where.postgres, certificate ?? standInCertificate(), { sentence: `${sentence}.`, hint })
    return { close: async () => void (await Promise.all([ssh.close(), postgres.close()])) }
  } catch (error) {
    // it is tried again, and must not meet its own door
    await ssh.close()
    throw error
  }
}
