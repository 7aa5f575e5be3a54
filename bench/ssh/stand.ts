import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSshd } from '../../server/src/gateways/ssh/test/sshd.ts'
import { type Claviger, startClaviger } from '../../test/support/claviger.ts'
import { grant, takeOver } from '../../test/support/work.ts'
import type { Way } from './way.ts'

/** Everything that the SSH bench runs between: the whole product with its lab, and the anchors' ways to the same host. */
export interface Stand {
  claviger: Claviger
  /** Through Claviger, recorded, with the certificate of a sign-in. */
  ours: Way
  /** OpenSSH straight to the host. */
  direct: Way
  /** OpenSSH through a second sshd, as people without a gateway do. */
  jump: Way
  /** A file of random bytes on the host, in the account's home, and the same here. */
  file: { there: string; here: string; bytes: number }
  /** Recordings of benches that are over only fill the disk. */
  forgetRecordings(): void
  close(): Promise<void>
}

/** As many as a door takes: one person has all of them here. */
const manySessions = { CLAVIGER_SESSIONS_PER_PERSON: '1000', CLAVIGER_SESSIONS_PER_ACCOUNT: '1000', CLAVIGER_SESSIONS_PER_TARGET: '1000' }

/** OpenSSH 9.2's own first choice. Named, so that another version's choice changes nothing. */
export const cipher = 'chacha20-poly1305@openssh.com'

export async function openStand(bytes: number): Promise<Stand> {
  const claviger = await startClaviger({ lab: true, seconds: 4 * 3600, env: manySessions })
  const jumpHost = await startSshd(join(claviger.work, 'jump')).catch(async (error) => {
    await claviger.stop()
    throw error
  })
  const close = async () => {
    await jumpHost.stop()
    await claviger.stop()
  }
  try {
    const managed = await takeOver(claviger, ['root@web01', 'deploy@web01'])
    const account = managed.find((a) => a.name === 'deploy')
    if (!account) throw new Error('the SSH bench needs the lab host with users of its own, which only root can start')
    await grant(await claviger.person('alice'), await claviger.person('bob'), 'deploy@web01', '4h')
    const home = join(claviger.data, 'lab/web01/machine/home/deploy')
    const key = join(claviger.work, 'anchor')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    // after it was taken over, and before the rotation that ends the grant
    appendFileSync(join(home, '.ssh/authorized_keys'), readFileSync(`${key}.pub`))
    const file = { there: 'bench.bin', here: join(claviger.work, 'bench.bin'), bytes }
    execFileSync('sh', ['-c', `head -c ${bytes} /dev/urandom > "$0"`, file.here])
    copyFileSync(file.here, join(home, file.there))
    execFileSync('chmod', ['a+r', join(home, file.there)])
    const config = writeConfig(claviger, key, jumpHost)
    const ours: Way = { name: 'claviger', args: await (await claviger.person('alice')).sshArgs('deploy@web01') }
    return {
      ...{ claviger, ours, file, close },
      direct: { name: 'ssh direct', args: ['-F', config, 'direct'] },
      jump: { name: 'ssh -J', args: ['-F', config, 'behind-jump'] },
      forgetRecordings: () => forget(join(claviger.data, 'recordings')),
    }
  } catch (error) {
    await close()
    throw error
  }
}

function writeConfig({ work, ports }: Claviger, key: string, jump: { port: number; user: string }): string {
  const config = join(work, 'anchors.config')
  const folder = join(work, 'jump')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    config,
    `Host direct behind-jump
  HostName 127.0.0.1
  Port ${ports.web01}
  User deploy
  IdentityFile ${key}
Host behind-jump
  ProxyJump jump
Host jump
  HostName 127.0.0.1
  Port ${jump.port}
  User ${jump.user}
  IdentityFile ${join(folder, 'user')}
Host *
  Ciphers ${cipher}
  IdentitiesOnly yes
  BatchMode yes
  StrictHostKeyChecking no
  UserKnownHostsFile ${join(work, 'anchors.known_hosts')}
  LogLevel ERROR
`,
  )
  return config
}

/** Those that nobody writes any more: a file that is open stays. */
function forget(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
}
