import { type AnswerOf, sshAuthority as api } from '@claviger/api'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { beginSshRotation } from './begin-ssh-rotation.ts'
import { changeLogin } from './change-login.ts'
import { explainVault, type VaultError } from './errors.ts'
import { leaveHostOut } from './leave-host-out.ts'
import { openHost } from './open-host.ts'
import { readTrust } from './ssh-authority.store.ts'
import { loginOf, trustedOf, trustingHosts } from './ssh-authority.view.ts'
import { sshRotationView } from './ssh-rotation.view.ts'
import { distrustAuthority, linesToTrust, type TrustDeps, trustAuthority } from './trust-authority.ts'
import { withCode } from './with-code.ts'

const refuse = (error: VaultError) => fail(explainVault(error))
type Version = AnswerOf<typeof api.sshAuthority>['versions'][number]

export function sshAuthorityRoutes(deps: TrustDeps & { goOn: () => void }): RouteHandler[] {
  const { db, keeper } = deps
  const shown = async (id: TargetId) => {
    const host = await openHost(deps, id)
    if (!host.ok) return refuse(host.error)
    const lines = await linesToTrust(keeper)
    if (!lines.ok) return refuse(lines.error)
    const known = await readTrust(db, id)
    return ok({
      target: { id, name: host.value.name },
      files: [...host.value.authority.files({ lines: lines.value, target: id })],
      trusted: known ? trustedOf(known) : null,
    })
  }
  const progress = async () => {
    deps.goOn()
    const rotation = await sshRotationView(db)
    return rotation ? ok({ rotation }) : refuse({ code: 'vault.ssh_not_rotating' })
  }
  return [
    on(api.sshAuthority, async () => {
      const authority = await keeper.ask('sshAuthority', {})
      if (!authority.ok) return refuse(authority.error)
      const { versions, sources } = authority.value
      return ok({ versions: versions as Version[], sources, hosts: await trustingHosts(db), rotation: await sshRotationView(db) })
    }),
    on(api.sshTrust, async ({ params }) => await shown(params.id as TargetId)),
    on(api.trustSshAuthority, async (incoming) => {
      const id = incoming.params.id as TargetId
      const done = await trustAuthority(deps, signedIn(incoming).person, id, incoming.body)
      // it may have been the last one that a rotation waits for
      if (done.ok) deps.goOn()
      return done.ok ? await shown(id) : refuse(done.error)
    }),
    on(api.distrustSshAuthority, async (incoming) => {
      const id = incoming.params.id as TargetId
      const done = await distrustAuthority(deps, signedIn(incoming).person, id)
      return done.ok ? await shown(id) : refuse(done.error)
    }),
    on(api.rotateSshAuthority, async (incoming) => {
      const by = withCode(signedIn(incoming), incoming.body.code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const begun = await beginSshRotation(deps, by)
      return begun.ok ? await progress() : refuse(begun.error)
    }),
    on(api.leaveHostOut, async (incoming) => {
      const { target, reason, code } = incoming.body
      const by = withCode(signedIn(incoming), code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const left = await leaveHostOut(deps, by, { target: target as TargetId, reason })
      return left.ok ? await progress() : refuse(left.error)
    }),
    on(api.accountLogin, async ({ params }) => {
      const found = await loginOf(db, params.id)
      return found ? ok(found) : refuse({ code: 'vault.account_unknown', account: params.id })
    }),
    on(api.changeAccountLogin, async (incoming) => {
      const by = withCode(signedIn(incoming), incoming.body.code)
      if (!by) return refuse({ code: 'vault.code_needed' })
      const changed = await changeLogin(deps, incoming.params.id as AccountId, by, incoming.body.login)
      return changed.ok ? ok({ login: incoming.body.login }) : refuse(changed.error)
    }),
  ]
}
