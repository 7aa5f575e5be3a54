import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectMysql, type MysqlFailure, type MysqlLogin, type MysqlServer } from '../../platform/mysql-client/index.ts'
import type { SessionWish } from '../../protocols/mysql/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import type { NoWay } from '../door/sql/wire.ts'
import type { SaidError } from './say.ts'

type Say = (error: SaidError, sentence: string) => Buffer

/** The target of a session as its kind's settings describe it; undefined where nothing is pinned. */
export function serverOf({ target }: Pick<LiveSession, 'target'>): MysqlServer | undefined {
  const { host, port, identity, settings } = target
  const { certificate } = identity
  if (typeof certificate !== 'string') return undefined
  return { host, port, certificate, ...(typeof settings.ca === 'string' && { ca: settings.ca }) }
}

/**
 * Connects to the target of a session, lets it prove the pinned certificate and logs in with the released credential, which is wiped as soon as the
 * login is decided, whichever way. `signal` gives up.
 */
export async function reachTarget(
  live: LiveSession,
  wish: SessionWish,
  say: Say,
  { dial, targetMs, signal }: { dial: Dial; targetMs: number; signal: AbortSignal },
): Promise<Result<MysqlLogin, NoWay>> {
  const { account, credential } = live.login
  const { secret } = credential
  try {
    const server = serverOf(live)
    if (!server) return fail(impostorOf('a pinned certificate', 'none is pinned', say))
    const connected = await connectMysql(dial, server, { user: account, password: secret }, targetMs, { wish, signal })
    return connected.ok ? ok(connected.value) : fail(explain(connected.error, server.host, wish.database, say))
  } finally {
    secret.wipe()
  }
}

const impostor = 'The target did not prove that it is the one that is pinned. It got no credential. Tell your security officers.'
const impostorOf = (expected: string, presented: string, say: Say): NoWay => ({
  ...{ reason: 'target_impostor', detail: `expected ${expected}, presented ${presented}` },
  last: say('noTarget', impostor),
})

function explain(failure: MysqlFailure, host: string, database: string, say: Say): NoWay {
  const no = (sentence: string, detail: string, error: SaidError = 'noTarget'): NoWay => ({
    ...{ reason: 'target_failed', detail },
    last: say(error, sentence),
  })
  switch (failure.code) {
    case 'mysql.impostor':
      return impostorOf(failure.expected, failure.presented, say)
    case 'mysql.refused': {
      const { number } = failure
      const [error, sentence] = sayRefused(number, database)
      return { ...no(sentence, `the target answered ${number}`, error), ...(isLoginRefused(number) && { loginRefused: true }) }
    }
    case 'mysql.method': {
      const { plugin } = failure
      const sentence = `The account logs in by ${plugin} there, which Claviger does not answer. Ask an administrator to give it another method.`
      return no(sentence, `the account logs in by ${plugin}`)
    }
    case 'mysql.unreachable':
      return no(`The target at ${host} cannot be reached. Try again, or ask whoever runs it.`, failure.detail)
    case 'mysql.timeout':
      return no(`The target at ${host} did not answer in time. Try again, or ask whoever runs it.`, failure.detail)
    case 'mysql.protocol':
      return no('The target did not speak MySQL as expected. Ask whoever runs it.', failure.detail)
  }
}

const isLoginRefused = (number: number): boolean => number === 1045 || number === 1698

function sayRefused(number: number, database: string): [SaidError, string] {
  if (isLoginRefused(number)) return ['noTarget', 'The target refused the credential from the vault. Ask an administrator to rotate it.']
  if (number === 1049) return ['noDatabase', `The target has no database "${database}". Name another one, or none.`]
  if (number === 1044) return ['noDatabase', `The target does not let this account into database "${database}". Name another one, or none.`]
  if ([1040, 1203, 1226].includes(number)) return ['tooMany', 'The target has too many connections. Try again later.']
  return ['noTarget', `The target refused the session (error ${number}). Ask whoever runs it.`]
}
