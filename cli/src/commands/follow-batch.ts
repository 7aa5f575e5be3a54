import { setTimeout as sleep } from 'node:timers/promises'
import { call, rotation } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'

const everyMs = 1_000

/** Waits until every account of a batch is done or held, and says how far it is; `detach`: says it once. */
export async function followBatch(shell: Shell, ordered: rotation.Batch, detach: boolean): Promise<void> {
  const { print } = shell
  let batch = ordered
  while (!detach && batch.done + batch.held < batch.accounts) {
    await sleep(everyMs)
    const asked = call(shell.server, rotation.rotationBatch, { params: { id: batch.id } })
    batch = await shell.get(
      asked,
      `Rotating ${batch.accounts} accounts: ${batch.done} done, ${batch.failing} tried again, ${batch.held} held`,
    )
  }
  print.answer({ batch }, () => {
    print.facts([
      ['batch', batch.id],
      ['accounts', String(batch.accounts)],
      ['done', String(batch.done), batch.done === batch.accounts ? 'green' : undefined],
      ['tried again', String(batch.failing), batch.failing > 0 ? 'yellow' : undefined],
      ['held', String(batch.held), batch.held > 0 ? 'red' : undefined],
    ])
    if (batch.done < batch.accounts) print.next(`claviger rotations --batch ${batch.id}`)
  })
  if (batch.held > 0)
    throw new CliError(
      'failed',
      `${batch.held} of ${batch.accounts} accounts are held: nobody gets in with them.`,
      'claviger rotations --state held',
    )
}
