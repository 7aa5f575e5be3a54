import type { AccountId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Change, Changed, Login, OpenTarget, PinnedIdentity, TargetFailure } from '../../targets/contract.ts'
import { isRefusal } from './rules.ts'
import type { VaultLogin } from './secrets.ts'
import { createSlots } from './slots.ts'

/** One of several accounts of a target that are rotated at the same time, each by steps of its own. */
export interface Together {
  /** The target as it sees it: changes that are asked for together are made at one login, and only so many logins run at once. */
  share(open: OpenTarget): OpenTarget
  /** The account by which the target is managed: asked for once for all of them. Each gets a copy, which it wipes. */
  manager<E>(as: string, ask: () => Promise<Result<ManagerLogin, E>>): Promise<Result<ManagerLogin, E>>
  /** It came to its end: the others no longer wait for its change. */
  leave(): void
}

type ManagerLogin = VaultLogin & { id: AccountId }

/** Logins on one target at once. sshd drops more than ten that have not signed in (MaxStartups); other targets have limits of their own. */
export const loginsAtOnce = 8
/** Those that are slower than this are not waited for. */
const gatherMs = 250

type Answer = Result<Changed, TargetFailure>
interface Asked extends Change {
  open: OpenTarget
  identity: PinnedIdentity
  as: Login
  settle(answer: Answer): void
  broke(error: unknown): void
}

/**
 * Changes wait for each other until all are there that still may come, so that a kind that can makes them at one login. What the target says to
 * that login counts for all: a managing account whose credential was refused is not tried again for each of the others.
 * Answers one for each of them.
 */
export function goTogether(size: number): Together[] {
  const slots = createSlots(loginsAtOnce)
  let awaited = size
  let gathered: Asked[] = []
  let timer: NodeJS.Timeout | undefined
  let [left, managers] = [size, new Map<string, Promise<Result<ManagerLogin, unknown>>>()]

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const all = gathered
    gathered = []
    const groups = Map.groupBy(all, ({ as, next }) => `${as.account} ${as.credential.kind} ${next.kind}`)
    for (const group of groups.values())
      void change(group).catch((error: unknown) => {
        for (const { broke } of group) broke(error)
      })
  }
  const look = (): void => {
    if (gathered.length === 0) return
    if (awaited <= 0) flush()
    else timer ??= setTimeout(flush, gatherMs)
  }

  const change = async (group: readonly Asked[]): Promise<void> => {
    const [first, ...others] = group
    if (!first) return
    const { open, identity, as } = first
    if (open.rotateMany && others.length > 0) {
      const many = open.rotateMany.bind(open)
      const answers = await slots.in(() => many(identity, as, group))
      for (const [at, { settle }] of group.entries())
        settle(answers[at] ?? { ok: false, error: { code: 'target.protocol', detail: 'no answer' } })
      return
    }
    const alone = async (asked: Asked): Promise<Answer> => {
      const answer = await slots.in(() => asked.open.rotate?.(asked.identity, asked.as, asked.account, asked.next) as Promise<Answer>)
      asked.settle(answer)
      return answer
    }
    const answer = await alone(first)
    if (!answer.ok && isRefusal(answer.error.code)) for (const { settle } of others) settle(answer)
    else await Promise.all(others.map((one) => alone(one).catch(one.broke)))
  }

  const forget = (): void => {
    for (const asked of managers.values())
      void asked.then(
        (manager) => manager.ok && manager.value.credential.secret.wipe(),
        () => undefined,
      )
    managers = new Map()
  }

  const member = (): Together => {
    let comes = true
    const arrive = () => {
      if (comes) awaited -= 1
      comes = false
      look()
    }
    let there = true
    return {
      leave() {
        arrive()
        if (there) left -= 1
        there = false
        if (left === 0) forget()
      },
      async manager<E>(as: string, ask: () => Promise<Result<ManagerLogin, E>>) {
        const known = (managers.get(as) ?? ask()) as Promise<Result<ManagerLogin, E>>
        managers.set(as, known)
        const manager = await known
        if (!manager.ok) return manager
        const { credential } = manager.value
        return ok({ ...manager.value, credential: { ...credential, secret: credential.secret.copy() } })
      },
      share: (open) => ({
        ...open,
        verify: (...given) => slots.in(() => open.verify(...given)),
        ...(open.rotate && {
          rotate: (identity, as, account, next) =>
            new Promise<Answer>((settle, broke) => {
              gathered.push({ open, identity, as, account, next, settle, broke })
              arrive()
            }),
        }),
        ...(open.closeOthers && {
          closeOthers: (...given) => slots.in(() => (open.closeOthers as NonNullable<OpenTarget['closeOthers']>)(...given)),
        }),
      }),
    }
  }
  return Array.from({ length: size }, member)
}
