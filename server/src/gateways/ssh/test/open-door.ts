import { connect } from 'node:net'
import { join } from 'node:path'
import { fail, ok } from '../../../kernel/result.ts'
import type { Dial } from '../../../targets/contract.ts'
import { openSshGateway, type SshGateway, type SshGatewayOptions } from '../index.ts'
import { generateKey, type KeyFile, temporaryFolder } from './folder.ts'
import { MemoryHost } from './memory-host.ts'
import { type SshClient, sshClient } from './ssh-client.ts'
import { type Sshd, startSshd } from './sshd.ts'

export interface Door {
  folder: string
  host: MemoryHost
  gateway: SshGateway
  sshd: Sshd
  /** Alice's registered key. */
  alice: KeyFile
  hostKey: KeyFile
  ssh: SshClient
  /** What the door had to log as an error. */
  errors: unknown[]
  /** alice@<account>@web01, where the account is whoever runs the tests. */
  user: string
  [Symbol.asyncDispose](): Promise<void>
}

const dialLoopback: Dial = (host, port) =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(ok(socket)))
    socket.once('error', (error) => resolve(fail({ code: 'target.unreachable', detail: error.message })))
  })

/** A door with a real sshd behind it as `web01`, and alice with a key. She has a grant unless the test takes it. */
export async function openDoor(options: Partial<Omit<SshGatewayOptions, 'host'>> = {}): Promise<Door> {
  const folder = temporaryFolder()
  const hostKey = generateKey(join(folder.path, 'door'))
  const alice = generateKey(join(folder.path, 'alice'))
  const sshd = await startSshd(join(folder.path, 'web01'))
  const host = new MemoryHost()
  host.keys.set('alice', new Set([alice.blob]))
  host.targets.set('web01', sshd.target)
  host.grant('alice', `${sshd.user}@web01`)

  const errors: unknown[] = []
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void errors.push(fields) }
  const gateway = await openSshGateway({
    ...{ host, listen: { host: '127.0.0.1', port: 0 }, hostKey: hostKey.pem, dial: dialLoopback, log },
    ...options,
  })
  return {
    ...{ folder: folder.path, host, gateway, sshd, alice, hostKey, errors, user: `alice@${sshd.user}@web01` },
    ssh: sshClient(folder.path, { port: gateway.port, hostKey }),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await sshd.stop()
      folder[Symbol.dispose]()
    },
  }
}
