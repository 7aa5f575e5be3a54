import { z } from 'zod'
import { fail, ok } from '../../../kernel/result.ts'
import { defineTargetKind, type FoundAccount, type Login, TargetError } from '../../../targets/contract.ts'

/** A target that exists in this process alone, for what no real one does on demand. */
export function memoryKind() {
  const state = {
    hostKey: 'SHA256:genuine',
    accounts: [] as FoundAccount[],
    passwords: new Map<string, string>(),
    /** Every password that the target was shown. */
    heard: [] as string[],
  }
  const prove = async (identity: { readonly [key: string]: string }, as: Login) => {
    if (identity.hostKey !== state.hostKey)
      return fail({ code: 'target.impostor' as const, expected: identity.hostKey ?? '', presented: state.hostKey })
    const given = await as.credential.secret.lend('log-in-to-target', (bytes) => Buffer.from(bytes).toString())
    state.heard.push(given)
    return state.passwords.get(as.account) === given ? ok(undefined) : fail({ code: 'target.login_refused' as const, account: as.account })
  }
  const kind = defineTargetKind({
    name: 'memory',
    settings: z.strictObject({ host: z.string(), port: z.int() }),
    credentialKinds: ['password'],
    identify: async () => ok({ hostKey: state.hostKey }),
    verify: (_target, identity, login) => prove(identity, login) as never,
    async *discover(_target, identity, as) {
      const in_ = await prove(identity, as)
      if (!in_.ok) throw new TargetError(in_.error as never)
      yield* state.accounts
    },
  })
  return { kind, state }
}

export const found = (name: string, over: Partial<FoundAccount> = {}): FoundAccount => ({
  ...{ name, category: 'local-admin', privileges: ['sudo'], credentials: ['password'], canLogIn: true },
  ...over,
})
