import { ok, type Result } from '../../kernel/result.ts'
import { within } from '../../kernel/within.ts'
import { collectGarbage } from '../../platform/process/garbage.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import { kindOf, opensByItself } from '../seal/kinds/kinds.ts'
import type { Belongings } from './belongings.ts'
import { stayClosed } from './keep-trying.ts'

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
  const kind = opened.context.installation.facts.seal.kind
  const vain = kindOf(kind).closingIsVain
  if (vain) return refuse('seal.opens_by_itself', vain)
  life.become('closing')
  life.ceremony.drop()
  const grants = await life.runningGrants()
  await orNothing(patienceMs, ended())
  if (grants > 0)
    await orNothing(
      alarmPatienceMs,
      opened.context.alarm(
        'seal',
        'grants',
        `sealed while ${grants} grants run: their sessions were cut, and nothing opens or is taken away until the next unseal`,
      ),
    )
  const at = life.now()
  const noted = await orNothing(
    patienceMs,
    opened.context.note('seal.sealed', { grants }, { by: by.person, at }).then((id) => opened.context.notary.whenSigned(id, patienceMs)),
  )
  if (noted === undefined) life.note('seal.sealed', { grants }, { by: by.person })
  // whoever asked to seal waits for us: it is not waited for
  await orNothing(patienceMs, Promise.allSettled([...life.running]))
  if (opensByItself(kind)) stayClosed(life)
  opened.wipe()
  life.opened = undefined
  await life.look().catch(() => undefined)
  life.become('sealed')
  collectGarbage()
  return ok(undefined)
}

/** Sealing waits for nobody who fails or is late. */
const orNothing = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  within(
    ms,
    work.catch(() => undefined),
  )
