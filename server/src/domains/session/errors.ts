import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { type RecordingError, recordingErrorFaces } from '../recording/index.ts'

interface SessionErrors {
  'session.unknown': { session: string }
  'session.renewal_waits': { request: string }
  'session.not_running': object
  'session.order_altered': object
  'session.order_late': object
  'session.ask_unknown': { ask: string }
  'session.own_ask': object
  'session.ask_not_approver': object
  'session.ask_decided': { state: string }
  'session.ask_expired': object
  'session.ask_other_digest': object
  'session.link_unknown': object
  'session.link_over': object
  'session.link_misread': object
  'session.covert_takes_officer': object
  'session.covert_noticed': object
  'session.watched_enough': object
  'session.words_too_short': object
  'session.words_too_many': object
  'session.search_too_wide': object
  'session.grant_unknown': { grant: string }
  'session.takes_web_socket': object
  'session.no_statements': object
  'session.no_files': object
  'session.no_terminal': object
  'session.no_recording': object
  'session.no_page': object
  'session.too_large_for_page': { bytes: number; most: number; session: string }
  'session.not_as_signed': object
  'session.manifest_forged': object
  'session.view_over': object
  'session.outline_altered': object
  'session.recording_destroyed': { at: string }
  'session.code_needed': object
  'session.own_input': object
  'session.own_opening': object
  'session.opening_unknown': { opening: string }
  'session.opening_waits': object
  'session.opening_over': object
  'session.not_of_the_two': object
  /** `node`: what the server is called that carried the session, where that is known. */
  'session.recording_elsewhere': { node: string | null }
}
type OwnError = ErrorOf<SessionErrors>
export type SessionError = OwnError | RecordingError | KeeperRefusal

const faces: Faces<SessionErrors> = {
  'session.unknown': { http: 404, say: (e) => `No session ${e.session}, or you may not see it.` },
  'session.grant_unknown': { http: 404, say: (e) => `You hold no grant ${e.grant}. See claviger grants.` },
  'session.takes_web_socket': {
    http: 400,
    say: () => 'This is for the console: it takes a WebSocket from its own page. Programs use the gateways: claviger connect.',
  },
  'session.no_statements': {
    http: 409,
    say: () => 'This session has no statements: it was none of SQL. Look at its replay, its commands or its files.',
  },
  'session.no_files': {
    http: 409,
    say: () => 'This session was no transfer of files, and sent none. Look at its replay, its commands or its statements.',
  },
  'session.no_terminal': {
    http: 409,
    say: () =>
      'This session has no screen, so there is no terminal recording of it. Look at its statements (claviger sessions statements) or its files (claviger sessions files).',
  },
  'session.renewal_waits': {
    http: 409,
    say: (e) => `More time was asked for already, and request ${e.request} waits for its approvers. Remind them, or withdraw it.`,
  },
  'session.not_running': { http: 409, say: () => 'This session has ended already.' },
  'session.order_altered': {
    http: 409,
    say: () =>
      'It was not carried out: what stands in the database is not what you ordered. An alarm was raised. Tell the other security officers.',
  },
  'session.order_late': {
    http: 409,
    say: () => 'It was not carried out: this session was suspended anew meanwhile, or too much time went by. Look at it, and order again.',
  },
  'session.ask_unknown': { http: 404, say: (e) => `Nothing is held as ${e.ask}, or you may not see it. See claviger sessions asks.` },
  'session.own_ask': { http: 403, say: () => 'Nobody decides on what they do themselves. Ask another approver.' },
  'session.ask_not_approver': {
    http: 403,
    say: () => 'Deciding on this takes somebody who could have approved the access: an approver or a security officer.',
  },
  'session.ask_decided': {
    http: 409,
    say: ({ state }) =>
      state === 'over' ? 'Nobody waits for this any more: it was not done.' : `Somebody decided on this already: it is ${state}.`,
  },
  'session.ask_expired': { http: 410, say: () => 'The time for this is over: it was not done. Whoever wants it asks again.' },
  'session.ask_other_digest': {
    http: 409,
    say: () => 'What you were shown is not what is held. Read it again: under Approvals, or claviger sessions asks.',
  },
  'session.link_unknown': {
    http: 404,
    say: () => 'There is no such link, or it is not for you. Look at your terminal, and who is signed in here.',
  },
  'session.link_over': { http: 410, say: () => 'Nobody waits for this link any more. Connect again: the terminal shows another.' },
  'session.link_misread': {
    http: 409,
    say: () =>
      'That is not the number that stands in the terminal, so this link is void and the connection ends. If it was you, connect again. If it was not, say so: somebody may have sent you their link.',
  },
  'session.covert_takes_officer': {
    http: 403,
    say: () => 'Only security officers watch without the person being told. Watch it so that they are, or ask an officer.',
  },
  'session.covert_noticed': {
    http: 409,
    say: () =>
      'This person may read the audit log, in which it stands that you watch: it would not stay unnoticed. Watch it so that they are told, or end the session.',
  },
  'session.watched_enough': { http: 409, say: () => 'Twenty watch this session already. Wait until one of them leaves.' },
  'session.words_too_short': {
    http: 400,
    say: () => 'There is no word to look up in this. Give whole words of two letters or digits and more.',
  },
  'session.words_too_many': { http: 400, say: () => 'That are more than eight words to look for. Give fewer: all of them must be found.' },
  'session.search_too_wide': {
    http: 503,
    say: () => 'This takes too long to look up. Give a rarer word, a shorter time, a person or a target.',
  },
  'session.manifest_forged': {
    http: 409,
    say: () =>
      'What the ledger says of this recording was not signed by the keeper, so it is not shown. Tell a security officer; run claviger audit verify.',
  },
  'session.view_over': {
    http: 410,
    say: () => 'What you opened is not open any more, or has no such part. Open the recording again.',
  },
  'session.outline_altered': {
    http: 409,
    say: () =>
      'What this replay goes by was altered in the database, so it stops here. Open the recording again: it is made anew from the sealed file. Tell a security officer.',
  },
  'session.recording_elsewhere': {
    http: 409,
    say: ({ node }) =>
      node
        ? `The recording is not in this server's folder. The session ran on ${node}: look there, or let all servers share a folder (CLAVIGER_RECORDINGS).`
        : "The recording is not in this server's folder. Restore it from a backup, or look on the server that carried the session.",
  },
  'session.recording_destroyed': {
    http: 410,
    say: ({ at }) =>
      `This recording was destroyed on ${at.slice(0, 10)}, when the period was over for which it is kept. Its manifest and its entries are still in the ledger (claviger sessions kept).`,
  },
  'session.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
  'session.own_input': {
    http: 403,
    say: () => 'Nobody has a part in opening what they typed themselves. That is for two other security officers.',
  },
  'session.own_opening': { http: 403, say: () => 'You asked for it yourself. Another security officer approves it.' },
  'session.opening_unknown': {
    http: 404,
    say: (e) => `Nobody asked for ${e.opening}. See claviger sessions unproven list.`,
  },
  'session.opening_waits': { http: 409, say: () => 'This waits for another security officer to approve it.' },
  'session.opening_over': {
    http: 410,
    say: () => 'This is decided, or over. Whoever still has to see it asks anew: claviger sessions unproven ask.',
  },
  'session.not_of_the_two': { http: 403, say: () => 'It is shown to the two officers who opened it. Ask for an opening of your own.' },
  'session.no_page': {
    http: 409,
    say: () =>
      'This server has no built console, of which the page is a part. Build it (npm start does), or take the sealed file: claviger sessions save.',
  },
  'session.too_large_for_page': {
    http: 413,
    say: ({ bytes, most, session }) =>
      `This recording has ${Math.ceil(bytes / 1_048_576)} MiB, and a page holds ${most / 1_048_576} MiB at most. Take the sealed file and verify that: claviger sessions save ${session} --out FILE.`,
  },
  'session.not_as_signed': {
    http: 409,
    say: () =>
      'The ledger is not what was signed, so nothing vouches for this recording. Run claviger audit verify: it names what was changed.',
  },
  'session.no_recording': { http: 404, say: () => 'There is no recording of this session: it was refused before it began.' },
}

export function explainSession(error: SessionError): Explained {
  if ('message' in error) return explainKeeper(error)
  return error.code.startsWith('recording.') ? explain(recordingErrorFaces, error as RecordingError) : explain(faces, error as OwnError)
}
