/** What an alarm is called, and what to do about it: docs/operating.md tells more. */
const known: Record<string, { title: string; todo: string }> = {
  'alarm.forged_row': {
    title: 'A row that decides access was changed behind the server’s back',
    todo: 'Nothing opens on it. Find out who can write to the database; putting the right content back heals it at once.',
  },
  'alarm.breakglass_activated': {
    title: 'Accounts for emergencies were opened',
    todo: 'Ask the two people why, watch what they do, and end it when it is not needed. A drill says so itself. Afterwards close the review.',
  },
  'alarm.kit_opened': {
    title: 'Custodians opened an offline kit',
    todo: 'Ask them why, look at the recording that they brought back, and see that the rotation that follows ends well.',
  },
  'alarm.kit_stale': {
    title: 'The newest offline kit is not as things are',
    todo: 'Make a new one and bring it where the old one lies: who opens the old one may find what no target takes any more.',
  },
  'alarm.break_glass_login': {
    title: 'Somebody logged in with an account for emergencies, and not by way of us',
    todo: 'It is being rotated. Ask the custodians whether a kit was opened; if not, take that target for compromised.',
  },
  'alarm.sign_in_link': {
    title: 'Somebody asked to come in at the SSH gateway under another one’s name',
    todo: 'Ask that person what they saw, and look where it came from. Where a key or a password was shown before the link, somebody has theirs.',
  },
  'alarm.session_act': {
    title: 'Somebody did in a session what a policy lets pass and wants known',
    todo: 'Look at the session, and ask who did it under which request.',
  },
  'alarm.session_rule': {
    title: 'Somebody did in a session what a rule is there to see',
    todo: 'Watch the recording at that second, and ask who did it. A running session can be watched, held and ended on its page.',
  },
  'alarm.file_demanded': {
    title: 'A database asked for a file of somebody’s machine',
    todo: 'It did not get it. No statement named that file: ask the person what they ran, and whoever runs the database what it does by itself.',
  },
  'alarm.impostor': {
    title: 'A target did not prove who it is',
    todo: 'It heard no credential. Ask whoever runs it whether it was installed anew; only then pin the new identity.',
  },
  'alarm.ledger': {
    title: 'The audit log holds what none of our processes wrote, or is not what was signed',
    todo: 'Keep an export and the anchor file before anything else, then compare them with a checkpoint from outside.',
  },
  'alarm.keeper': {
    title: 'A process asked the keeper for what is not its own',
    todo: 'Take that process for compromised: stop the server and keep the machine as it is.',
  },
  'alarm.guard_changed': {
    title: 'An administrator changed somebody who decides or administers',
    todo: 'Ask both whether it was meant. The entry of the same moment in the ledger says what was changed, and why.',
  },
  'alarm.control_silent': {
    title: 'Something that must go on did not',
    todo: 'The cause says what to do. Its end stands in the audit log as control.restored; without one it still is silent.',
  },
  'alarm.seal': {
    title: 'The seal’s record was changed, or it is closed while grants run',
    todo: 'The detail says which. A changed record was put back: find out who can write to the database.',
  },
  'alarm.rotation_failed': {
    title: 'A credential could not be replaced',
    todo: 'It is tried again by itself. The code says why; the page of the account says when, and what came of it.',
  },
  'alarm.rotation_escalated': {
    title: 'A credential could not be replaced three times',
    todo: 'Open an ITSM ticket. The code says what stands in the way: mend that, or reset the account by another one (reconcile).',
  },
  'alarm.account_held': {
    title: 'An account is held: nobody gets in with it',
    todo: 'Find out who changed it on the target. Then reset it, or release it as it is; both on the page of the account.',
  },
  'alarm.credential_drift': {
    title: 'A target refuses the credential that the vault has',
    todo: 'Somebody changed it on the target. With a reconciler it is reset by itself; without one, reset it on the page of the account.',
  },
  'alarm.dependent_failed': {
    title: 'What uses a credential could not be told of the new one',
    todo: 'It is tried again by itself, and may not work until then. The code says why; the page of the account says what is done on which host.',
  },
  'alarm.old_credential_works': {
    title: 'A replaced credential still opens its target',
    todo: 'Look on the target for a second way in, then rotate the account once more.',
  },
  'alarm.policy': {
    title: 'The policies could not be evaluated',
    todo: 'Nothing is granted meanwhile. Put the policy that the detail names back.',
  },
}

export const alarmInWords = (act: string): { title: string; todo: string } =>
  known[act] ?? { title: act, todo: 'docs/operating.md tells what to do.' }
