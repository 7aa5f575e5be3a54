import type { SshRotation } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

/** In one line, while it runs. */
export function shortly({ step, told, of, from, to }: SshRotation): string {
  if (step === 'telling') return `Telling hosts of version ${to}: ${told} of ${of}`
  return step === 'signing' ? `Version ${to} signs; taking version ${from} from hosts: ${told} of ${of}` : `Version ${to} signs`
}

/** How far it is, and what it waits for. */
export function sayRotation(print: Shell['print'], rotation: SshRotation): void {
  const { step, from, to, told, of, waiting, leftOut } = rotation
  if (step === 'done') {
    print.line(`Version ${to} signs since ${print.time(rotation.changedAt)}. Version ${from} is destroyed.`, 'green')
  } else {
    print.facts([
      ['signs', `version ${step === 'telling' ? from : to}`],
      [step === 'telling' ? 'hosts that trust the new key' : 'hosts without the old key', `${told} of ${of}`],
      ['begun', print.time(rotation.begunAt)],
    ])
    print.table(
      [
        { title: 'WAITS FOR', value: (w) => w.target.name },
        { title: 'TRIED', value: (w) => String(w.tries) },
        { title: 'AGAIN', value: (w) => (w.nextTry ? print.time(w.nextTry) : 'now') },
        { title: 'WHY', value: (w) => w.why ?? (w.byHand ? 'was told by hand: do that, and it is seen' : '–') },
      ],
      waiting,
      'No host is waited for.',
    )
  }
  for (const { target, reason, by } of leftOut) print.line(`${target.name} is left out by ${by}: ${reason}`, 'yellow')
  if (step !== 'done' && waiting.length > 0) {
    print.next('claviger ssh-ca trust TARGET tells one now; claviger ssh-ca show TARGET is what belongs there by hand')
    print.next('claviger ssh-ca rotate --leave-out TARGET --reason TEXT, as a security officer')
  }
}
