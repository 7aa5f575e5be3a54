import * as product from '../../../../../server/src/domains/rotation/rotate-credential.ts'
import type { OpenTarget } from '../../../../../server/src/targets/contract.ts'
import { about, point } from '../points.ts'

/** The rotation of one credential: all that happens in it is told as its steps, also what it has done together with others. */
export const rotateCredential: typeof product.rotateCredential = (deps, what) =>
  about.run({ account: what.account.id, credential: what.credential }, async () => {
    const rotated = await product.rotateCredential(deps, { ...what, target: { ...what.target, open: watched(what.target.open) } })
    await point('finished', undefined, { ok: rotated.ok })
    return rotated
  })

function watched(target: OpenTarget): OpenTarget {
  const around = <A extends unknown[], R extends { ok: boolean }>(before: string, after: string, act: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      await point(before)
      const done = await act(...args)
      await point(after, undefined, { ok: done.ok })
      return done
    }
  }
  const { rotate, verify, closeOthers } = target
  return {
    ...target,
    verify: around('trying a login', 'tried a login', verify),
    ...(rotate && { rotate: around('changing', 'changed', rotate) }),
    ...(closeOthers && { closeOthers: around('closing others', 'closed others', closeOthers) }),
  }
}
