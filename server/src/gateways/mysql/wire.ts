import type { MysqlLogin } from '../../platform/mysql-client/index.ts'
import { type Aside, aside, can, okBody, packet } from '../../protocols/mysql/index.ts'
import type { LiveSession } from '../contract.ts'
import type { SqlWire } from '../door/sql/wire.ts'
import type { ConnectionIds } from './connection-ids.ts'
import { killOnTarget } from './kill-on-target.ts'
import { errorPacket, farewells } from './say.ts'
import type { SignedIn } from './sign-in.ts'
import { FollowedSession } from './statements/followed-session.ts'
import { reachTarget } from './upstream.ts'

/** One session of MySQL's protocol. */
export function mysqlWire(who: SignedIn, { ids, connection }: { ids: ConnectionIds; connection: number }): SqlWire<MysqlLogin> {
  const { attempt } = who.admitted
  let followed: FollowedSession | undefined
  const toPage = (said: Aside) => (attempt.way === 'web' ? packet(0, aside(said)) : undefined)
  // a target that does not hear of files asks for none
  const sends = (live: LiveSession) => who.files && attempt.way !== 'web' && live.sendsFiles === true
  const wishOf = (live: LiveSession) => (sends(live) ? { ...who.wish, capabilities: who.wish.capabilities | can.localFiles } : who.wish)
  const sequence = () => followed?.nextSequence ?? who.sequence
  return {
    protocol: 'MySQL',
    reach: (live, by) => reachTarget(live, wishOf(live), (error, sentence) => errorPacket(sequence(), error, sentence), by),
    // a client that wants to show it finds the notice as the server's words about the login
    greeting: ({ status }, notice) => packet(who.sequence, okBody(status, notice)),
    follow(target, given) {
      const session = new FollowedSession(given, {
        collation: who.wish.collation,
        kill: (id) => ids.resolve(id, attempt),
        takeBack: (id) => ids.takeBack(id, attempt),
        judge: given.live.judgeQuery,
        keep: given.live.keepResults,
        files: {
          judge: given.live.judgeFile,
          sends: sends(given.live),
          client: attempt.way === 'web' ? 'page' : who.files ? 'sends' : 'keeps',
        },
      })
      followed = session
      ids.begun(connection, attempt, target.greeting.connection, () => session.takeBack())
      return session
    },
    // a server of MySQL has no way to say something to a client that did not ask; a page of ours listens for it all the same
    notice: (message) => toPage({ kind: 'said', message }),
    suspension: (suspended) => toPage({ kind: 'suspended', suspended }),
    last: (why, sentence) => errorPacket(sequence(), farewells[why], sentence),
    cancel: (live, { greeting }, dial) => killOnTarget(live, greeting.connection, dial),
    closed: () => ids.over(connection),
  }
}
