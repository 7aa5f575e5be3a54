import { fail, ok } from '../../kernel/result.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { oldChecked, oldChecking, oldStillWorks } from './events.ts'
import { inTurn } from './in-turn.ts'
import { oldToCheck, progress } from './rotation.store.ts'
import { isRefusal } from './rules.ts'
import { rotationLogin } from './secrets.ts'

const atOnce = 20

/**
 * Tries replaced credentials that their target accepted for a while longer, after that time. One that still works is an alarm. Where another
 * rotation followed, that one has looked after what it replaced.
 */
export async function checkOld(deps: OrderDeps): Promise<number> {
  const { db, audit, keeper, kinds, now } = deps
  const due = await db.transaction().execute((tx) => oldToCheck(tx, now(), atOnce))
  let checked = 0
  for (const { id, account, name, target } of due) {
    const look = async () => {
      const vouched = await keeper.ask('vouch', { rows: [{ kind: 'target', id: target }] })
      if (!vouched.ok) return vouched
      const t = vouched.value.rows[0] as { kind?: unknown; settings?: unknown; identity?: unknown }
      const open = kinds.open(String(t.kind), t.settings)
      if (!open.ok) return fail<RotationError>({ code: 'target.settings_invalid', issues: [open.error.code] })
      const begun = oldChecking({ rotation: id, account })
      const cutShort = oldChecked({ rotation: id, account, code: 'rotation.cut_short' })
      return await audit.look({ begun, cutShort, by: null }, async (intent) => {
        const old = await rotationLogin(keeper, id, intent, 'previous', name)
        const works = old.ok ? await open.value.verify(t.identity as Record<string, string>, old.value) : old
        if (old.ok) old.value.credential.secret.wipe()
        const code = works.ok ? null : works.error.code
        await audit.note(oldChecked({ rotation: id, account, code }), null, { phase: 'outcome', intent })
        if (works.ok)
          await audit.note(oldStillWorks({ rotation: id, account, target, tells: ['owner', 'security'] }), null, { phase: 'alarm' })
        const at = now()
        const known = code === null || isRefusal(code)
        if (known)
          await db
            .transaction()
            .execute((tx) =>
              progress(tx, id, { old_checked_at: at, ...(code === null ? { error: 'rotation.old_still_works' } : { old_refused_at: at }) }),
            )
        return ok(known)
      })
    }
    const done = await inTurn(db, target, look, 0)
    if (done.ok && done.value) checked += 1
  }
  return checked
}
