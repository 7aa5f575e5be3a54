import type { AccountId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Change, Changed, Login, OpenTarget, PinnedIdentity, TargetFailure } from '../../targets/contract.ts'
import { isRefusal } from './rules.ts'
import type { VaultLogin } from './secrets.ts'
import { createSlots } from './slots.ts'

/** One of several accounts of a target that are rotated at the same time, each by steps of its own. */
export interface Together {
  /** The target as it sees it: changes that are asked for together are made at one login where the kind can, and only so many logins run at once. */
  share(open: OpenTarget): OpenTarget
  /** The account by which the target is managed: asked for once for all of them. Each gets a copy, which it wipes. */
  manager<E>(as: string, ask: () => Promise<Result<ManagerLogin, E>>): Promise<Result<ManagerLogin, E>>
  /** Its target is done with it. Resolves together with others, whose last steps are then one commit; not long after, if there are none. */
  arrive(): Promise<void>
  /** It came to its end: the others no longer wait for its change. */
  leave(): void
}
export interface Group {
  /** One more of them. */
  join(): Together
  /** Nobody comes any more: what they shared is wiped. */
  end(): void
}

type ManagerLogin = VaultLogin & { id: AccountId }

/** Logins on one target at once. sshd drops more than ten that have not signed in (MaxStartups); other targets have limits of their own. */
export const loginsAtOnce = 8
/** Those that are slower than this are not waited for. */
const gatherMs = 250
/** So many end together: half of those that run at the same time, so that the target has the other half meanwhile. */
const endTogether = 16
const endWithinMs = 150

type Answer = Result<Changed, TargetFailure>
type Rotate = NonNullable<OpenTarget['rotate']>
interface Asked extends Change {
  open: OpenTarget
  identity: PinnedIdentity
  as: Login
  settle(answer: Answer): void
  broke(error: unknown): void
}

/**
 * Where the kind can, changes wait for each other until all are there that still may come, and are made at one login. Where it cannot, the first goes
 * alone. Either way what the target says to that login counts for all: a managing account whose credential was refused is not tried again for each
 * of the others.
 */
export function goTogether(): Group {
  const slots = createSlots(loginsAtOnce)
  const managers = new Map<string, Promise<Result<ManagerLogin, unknown>>>()
  /** The first answer to each who logged in to change something. */
  const first = new Map<string, Promise<Answer>>()
  let awaited = 0
  let members = 0
  let arrived: (() => void)[] = []
  let ending: NodeJS.Timeout | undefined
  let gathered: Asked[] = []
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const all = gathered
    gathered = []
    for (const group of Map.groupBy(all, ({ as, next }) => `${whoIs(as)} ${next.kind}`).values())
      void change(group).catch((error: unknown) => {
        for (const { broke } of group) broke(error)
      })
  }
  const end = (): void => {
    clearTimeout(ending)
    ending = undefined
    const all = arrived
    arrived = []
    for (const go of all) go()
  }
  const lookWhoEnds = (): void => {
    if (arrived.length === 0) return
    if (arrived.length >= Math.min(endTogether, members)) end()
    else ending ??= setTimeout(end, endWithinMs)
  }
  const look = (): void => {
    if (gathered.length === 0) return
    if (awaited <= 0) flush()
    else timer ??= setTimeout(flush, gatherMs)
  }
  const change = async (group: readonly Asked[]): Promise<void> => {
    const [one] = group
    const many = one?.open.rotateMany
    if (!one || !many) return
    const answers = await slots.in(() => many(one.identity, one.as, group))
    for (const [at, { settle }] of group.entries())
      settle(answers[at] ?? { ok: false, error: { code: 'target.protocol', detail: 'no answer' } })
  }

  const alone = async (rotate: Rotate, ...given: Parameters<Rotate>): Promise<Answer> => {
    const who = whoIs(given[1])
    const before = first.get(who)
    if (before) {
      const answer = await before
      if (!answer.ok && isRefusal(answer.error.code)) return answer
    }
    const mine = slots.in(() => rotate(...given))
    if (!before) first.set(who, mine)
    return await mine
  }

  const share = (open: OpenTarget, arrive: () => void): OpenTarget => {
    const { rotate, rotateMany, closeOthers } = open
    return {
      ...open,
      verify: (...given) => slots.in(() => open.verify(...given)),
      ...(closeOthers && { closeOthers: (...given) => slots.in(() => closeOthers(...given)) }),
      ...(rotate && {
        rotate: (identity, as, account, next) => {
          if (!rotateMany) return alone(rotate, identity, as, account, next)
          return new Promise<Answer>((settle, broke) => {
            gathered.push({ open, identity, as, account, next, settle, broke })
            arrive()
          })
        },
      }),
    }
  }

  return {
    join() {
      awaited += 1
      members += 1
      let comes = true
      let here = true
      const arrive = () => {
        if (comes) awaited -= 1
        comes = false
        look()
      }
      return {
        leave() {
          arrive()
          if (here) members -= 1
          here = false
          lookWhoEnds()
        },
        arrive: () =>
          new Promise<void>((go) => {
            arrived.push(go)
            lookWhoEnds()
          }),
        share: (open) => share(open, arrive),
        async manager<E>(as: string, ask: () => Promise<Result<ManagerLogin, E>>) {
          const known = (managers.get(as) ?? ask()) as Promise<Result<ManagerLogin, E>>
          managers.set(as, known)
          const manager = await known
          if (!manager.ok) return manager
          const { credential } = manager.value
          return ok({ ...manager.value, credential: { ...credential, secret: credential.secret.copy() } })
        },
      }
    },
    end() {
      for (const asked of managers.values())
        void asked.then(
          (manager) => manager.ok && manager.value.credential.secret.wipe(),
          () => undefined,
        )
      managers.clear()
    },
  }
}

const whoIs = ({ account, credential }: Login): string => `${account} ${credential.kind}`
