import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, call, seal } from '@claviger/api'
import { folderFor } from '../server/src/platform/process/identity.ts'

/**
 * The lab's own custodian: makes the seal 2 of 3 in the first run, keeps the shares in the lab's folder and opens the seal at each start. That
 * is as good as no seal, and only for trying out what a sealed server does; somebody's real custodians keep theirs apart.
 */
export async function openLabSeal({ data, server }: { data: string; server: string }): Promise<void> {
  const file = join(folderFor(join(data, 'lab'), 'root', 0o711), 'seal-shares')
  const host = readFileSync(join(data, 'run', 'host-token'), 'utf8').trim()
  const to = { base: server, headers: { 'x-claviger-host': host } }
  const status = must(await call(to, seal.sealStatus))
  if (status.state === 'open') return
  if (status.state === 'uninitialised') {
    const made = must(await call(to, seal.sealInit, { body: { shares: 3, threshold: 2 } }))
    writeFileSync(file, `${made.shares.join('\n')}\n`, { mode: 0o600 })
  }
  if (!existsSync(file))
    throw new Error(
      `The server is sealed, and the lab has no shares of it (${file}). Another lab on this database made the seal: claviger unseal, with its shares.`,
    )
  const shares = readFileSync(file, 'utf8').trim().split('\n')
  for (const share of shares.slice(0, 2)) must(await call(to, seal.sealUnseal, { body: { share } }))
  // the doors open a moment later
  for (let i = 0; i < 100; i++) {
    const ready = await fetch(`${server}/readyz`).then(
      (r) => r.status,
      () => 0,
    )
    if (ready === 200) return
    await sleep(200)
  }
}

function must<T>(answer: Call<T>): T {
  if (!answer.ok) throw new Error(answer.refusal.message)
  return answer.value
}
