import { ok, type Result } from '../../kernel/result.ts'
import { collectGarbage } from '../../platform/process/garbage.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import type { Belongings } from './belongings.ts'

const patienceMs = 12_000
const alarmPatienceMs = 2_000

/**
 * Closes the seal: what runs may end (`ended` resolves when the doors are closed), then every key is forgotten. The entry is written and signed
 * before, where ledger and database still answer; sealing itself waits for nobody.
 */
export async function closeSeal(
  life: Belongings,
  by: { person: string | null },
  ended: () => Promise<void>,
): Promise<Result<void, KeeperRefusal>> {
  const { opened } = life
  if (!opened) return refuse('seal.closed', 'The seal is closed already.')
  if (opened.context.installation.facts.seal.kind === 'dev')
    return refuse(
      'seal.opens_by_itself',
      'The seal "dev" opens by itself at every start, so closing it protects nothing. Stop the server instead.',
    )
  life.become('closing')
  const grants = await life.runningGrants()
  await within(patienceMs, ended())
  if (grants > 0)
    await within(
      alarmPatienceMs,
      opened.context.alarm(
        'seal',
        'grants',
        `sealed while ${grants} grants run: their sessions were cut, and nothing opens or is taken away until the next unseal`,
      ),
    )
  const at = life.now()
  const noted = await within(
    patienceMs,
    opened.context.note('seal.sealed', { grants }, { by: by.person, at }).then((id) => opened.context.notary.whenSigned(id, patienceMs)),
  )
  if (noted === undefined) life.note('seal.sealed', { grants }, { by: by.person })
  // whoever asked to seal waits for us: it is not waited for
  await within(patienceMs, Promise.allSettled([...life.running]))
  opened.wipe()
  life.opened = undefined
  await life.look().catch(() => undefined)
  life.become('sealed')
  collectGarbage()
  return ok(undefined)
}

/** What it comes to, or undefined when it takes longer or fails. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return await Promise.race([work.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}
