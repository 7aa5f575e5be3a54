import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryRecorder } from '../../server/src/gateways/ssh/test/memory-host.ts'
import { openDoor } from '../../server/src/gateways/ssh/test/open-door.ts'
import type { PersonId } from '../../server/src/kernel/id.ts'
import { ok } from '../../server/src/kernel/result.ts'
import type { Way } from './way.ts'

/*
 * The same gateway code with a recorder that writes nothing down, in a process of its own: what recording costs is the difference.
 * The product itself has no switch for that, and never will.
 */

interface Message {
  pid: number
  args: string[]
}

export interface Unrecorded {
  way: Way
  pid: number
  stop(): Promise<void>
}

export async function startUnrecorded(): Promise<Unrecorded> {
  const child = fork(fileURLToPath(import.meta.url), ['serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ pid, args }] = (await once(child, 'message')) as [Message]
  return {
    ...{ pid, way: { name: 'the gateway without recording', args } },
    async stop() {
      const gone = once(child, 'exit')
      child.send('stop')
      await gone
    },
  }
}

async function serve(): Promise<void> {
  const door = await openDoor()
  door.host.newRecorder = (recorded) => ({ ...memoryRecorder(recorded), output() {}, input() {} })
  // a certificate in place of key and code, for which ssh would have to ask
  door.host.keys.clear()
  const ca = join(door.folder, 'ca')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', ca])
  execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'alice', '-n', 'alice', `${door.alice.path}.pub`])
  door.host.certificates = async (attempt) => ok({ person: 'per_aaaaaaaaaa' as PersonId, attempt, admitted: true, presence: 'presence' })
  const knownHosts = join(door.folder, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${door.gateway.port} ${door.hostKey.type} ${door.hostKey.blob}\n`)
  const options = {
    IdentitiesOnly: 'yes',
    BatchMode: 'yes',
    UserKnownHostsFile: knownHosts,
    IdentityFile: door.alice.path,
    LogLevel: 'ERROR',
  }
  const args = [
    ...['-F', 'none', '-p', `${door.gateway.port}`, '-l', door.user],
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '127.0.0.1',
  ]
  process.send?.({ pid: process.pid, args } satisfies Message)
  // a bench that was killed says nothing any more
  await Promise.race([once(process, 'message'), once(process, 'disconnect')])
  await door[Symbol.asyncDispose]()
  process.exit(0)
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'serve') await serve()
