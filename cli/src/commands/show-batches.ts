import { call, rotation } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'

/** The newest rotations of several accounts, with how far each is. */
export async function showBatches(shell: Shell): Promise<void> {
  const { print } = shell
  const { batches } = await shell.get(call(shell.server, rotation.rotationBatches, { query: { limit: 20 } }))
  print.answer({ batches }, () => {
    print.table(
      [
        { title: 'BATCH', value: (b) => b.id, style: () => 'bold' },
        { title: 'ORDERED', value: (b) => print.time(b.orderedAt) },
        { title: 'BY', value: (b) => b.orderedBy },
        { title: 'DONE', value: (b) => `${b.done} of ${b.accounts}`, style: (b) => (b.done === b.accounts ? 'green' : undefined) },
        { title: 'TRIED AGAIN', value: (b) => String(b.failing), style: (b) => (b.failing > 0 ? 'yellow' : undefined) },
        { title: 'HELD', value: (b) => String(b.held), style: (b) => (b.held > 0 ? 'red' : undefined) },
        { title: 'WHY', value: (b) => b.reason },
      ],
      batches,
      'Nobody ordered a rotation of several accounts yet.',
    )
    const [newest] = batches
    if (newest && newest.done < newest.accounts) print.next(`claviger rotations --batch ${newest.id}`)
  })
}
