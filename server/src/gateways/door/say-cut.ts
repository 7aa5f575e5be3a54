import type { CutReason } from '../contract.ts'

/** What a person is told when their session is ended, whichever door they came through. `account` is `account@target`. */
export const sayCut = (reason: CutReason, account: string): string => sentences[reason](account)

const sentences: Record<CutReason, (account: string) => string> = {
  grant_ended: (account) => `The grant has ended. To go on, ask again with: claviger request ${account} --for 1h --reason "…"`,
  grant_unattested: () =>
    'Something became of the grant of this session, and Claviger could not check what. Tell your security officer, then connect again.',
  duration_over: () => 'This session lasted as long as policy allows. Connect again to go on while your grant runs.',
  ended_by_officer: () => 'A security officer ended this session. Ask them before you connect again.',
  ended_unattested: () =>
    'The end of this session was ordered, and Claviger could not check who did that. Tell your security officer, then connect again.',
  idle: () => 'The session ended because nothing moved in it. Connect again to go on.',
  recording_failed: () => 'The session ended because it could not be recorded. Tell your administrator, then connect again.',
  database_away: () =>
    'The session ended because Claviger was without its database for longer than it may be here. Connect again in a few minutes.',
  spool_full: () =>
    'The session ended because recordings cannot be taken to their bucket and no more may wait here. Tell your administrator, then connect again.',
  not_understood: () =>
    'The session ended because what passed in it is neither SFTP version 3 nor what scp sends, so that it could not be written down. Use another client, or a shell.',
  policy_changed: () =>
    'The session ended because policies were changed and look at what is done here, which they did not when it began. Connect again to go on.',
  shutting_down: () => 'The session ended because the gateway is stopping. Connect again in a moment.',
}
