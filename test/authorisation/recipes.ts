import { ensureKey } from '../../cli/src/ssh/identity.ts'
import type { Person } from '../support/person.ts'
import type { Actor, Whose } from './table.ts'
import { type Things, type World, waiting } from './world.ts'

/** What is sent for one cell of the table, and what "yes" looks like. */
export interface Send {
  params?: Record<string, string>
  /** Those of something that is not there, where the form of an id does not say it. */
  nowhere?: Record<string, string>
  query?: string
  body?: object
  /** Status and code of an answer to somebody who was let in; 200 where nothing is said. */
  yes?: [number, string?]
  /** In a list: whether the object is in the answer. */
  finds?: string | undefined
}

export interface Cell {
  world: World
  actor: Actor
  /** Who asks; undefined for nobody, and who signed out. */
  person: Person | undefined
  whose: Whose
  /** Of whom the object is: the one who asks, or somebody else. */
  things: Things
  owner: Person
}

const nowhere = 'aaaaaaaaaa'
const noImport = 'imp_aaaaaaaaaa'
const noDependent = 'dpd_aaaaaaaaaa'
const noLink = { code: '0000-0000' }
const reason = 'to see who may'

/** A new request for each cell that may decide on it. */
const fresh = async ({ owner, world }: Cell) => (await waiting(owner, world.account)).request
const noReplay = { replay: 'ent_aaaaaaaaaa' }
const noView = { view: 'ent_aaaaaaaaaa' }
const session = async ({ things, world }: Cell) => ({
  params: { id: things.session ?? world.things.get(world.people.engineer)?.session ?? '' },
})

/**
 * How each operation is asked so that whoever is let in does no harm: by an answer that only they get. An operation without a line is
 * sent an empty body and made-up ids: then being told that it is malformed or not there counts as let in.
 */
export const recipes: Record<string, (cell: Cell) => Send | Promise<Send>> = {
  // these ask for secrets of their own, and are told that ours are none
  setupAdministrator: () => ({ yes: [400] }),
  setupFinish: () => ({ body: { token: nowhere }, yes: [410, 'setup.closed'] }),
  signIn: ({ world }) => ({ body: { name: world.people.engineer.name, password: world.people.engineer.password } }),
  signInCode: () => ({ body: { challenge: nowhere, code: '000000' }, yes: [401, 'identity.challenge_gone'] }),
  enrol: () => ({ body: { token: nowhere, password: 'a long enough pass phrase' }, yes: [404] }),
  enrolConfirm: () => ({ body: { token: nowhere, code: '000000' }, yes: [409, 'identity.enrolment_not_begun'] }),
  acknowledgeLedger: () => ({ body: { name: 'carol', password: 'x', code: '000000' }, yes: [409, 'ledger.not_diverged'] }),
  sealInit: () => ({ body: { shares: 3, threshold: 2 }, yes: [403, 'seal.not_authorised'] }),
  sealUnseal: () => ({ body: { share: 'none' }, yes: [409, 'seal.open'] }),
  ceremonyBegin: () => ({ body: { code: '', plan: { goal: 'rotate', locations: ['standard'] } }, yes: [400] }),
  ceremonyConfirm: () => ({ body: { code: '' }, yes: [400] }),
  ceremonyShare: () => ({ body: { share: 'none' }, yes: [409, 'ceremony.none'] }),
  ceremonyGo: () => ({ body: { ticket: nowhere }, yes: [409, 'ceremony.none'] }),
  ceremonyDrop: () => ({ body: { code: '' }, yes: [400] }),
  sealOpenAgain: () => ({ body: {}, yes: [403, 'seal.not_authorised'] }),
  sealClose: () => ({ body: {}, yes: [403, 'seal.code_needed'] }),

  person: ({ owner }) => ({ params: { id: owner.id } }),
  // what one begins alone needs one's password: a wrong one counts against the name
  replaceAuthenticator: () => ({ yes: [400] }),
  confirmAuthenticator: () => ({ body: { token: nowhere, code: '000000' }, yes: [409, 'identity.authenticator_not_begun'] }),
  mySignIns: ({ things }) => ({ finds: things.signIn }),
  sshKeys: ({ things }) => ({ finds: things.key }),
  removeSshKey: ({ things }) => ({ params: { id: things.key } }),
  addPasskey: () => ({ yes: [400] }),
  removePasskey: () => ({ params: { id: `pky_${nowhere}` }, body: { code: '000000' }, yes: [404, 'identity.passkey_unknown'] }),
  removePasskeyOf: ({ owner }) => ({ params: { id: owner.id }, body: { passkey: `pky_${nowhere}`, reason, code: '' }, yes: [400] }),
  sshCertificate: ({ world }) => ({ body: { publicKey: ensureKey(`${world.claviger.work}/somebody`, 'somebody') } }),

  target: ({ world }) => ({ params: { id: world.targetId } }),
  changeTarget: ({ world }) => ({ params: { id: world.targetId }, body: { tier: 3 }, yes: [403, 'inventory.code_needed'] }),
  discoverTarget: ({ world }) => ({ params: { id: world.targetId } }),
  account: ({ world }) => ({ params: { id: world.accountId } }),
  accountVersions: ({ world }) => ({ params: { id: world.accountId } }),
  proposeBreakglassKey: () => ({ body: { code: '' }, yes: [400] }),
  settleBreakglassKey: () => ({ params: { id: `bgk_${nowhere}` }, body: { code: '' }, yes: [400] }),
  markBreakglassAccount: ({ world }) => ({ params: { id: world.accountId }, body: { code: '' }, yes: [400] }),
  makeKit: () => ({ yes: [409, 'breakglass.no_accounts'] }),
  adoptRecording: () => ({ body: { upload: nowhere, text: '', last: true }, yes: [400] }),
  kitRecording: () => ({ params: { id: `bgr_${nowhere}` }, yes: [404, 'breakglass.recording_unknown'] }),
  activateBreakglass: () => ({ body: { code: '' }, yes: [400] }),
  moveActivation: () => ({ params: { id: `bga_${nowhere}` }, body: { act: 'end' }, yes: [404, 'breakglass.activation_unknown'] }),
  activationDoor: () => ({ params: { id: `bga_${nowhere}` }, yes: [404, 'keeper.unknown_row'] }),
  giveActivationShare: () => ({ params: { id: `bga_${nowhere}` }, body: { sealed: '' }, yes: [400] }),
  kitPart: () => ({ params: { id: `kit_${nowhere}` }, yes: [404, 'breakglass.kit_unknown'] }),
  reconcileAccount: ({ world }) => ({ params: { id: world.accountId }, body: { reason: '' }, yes: [400] }),
  accountLogin: ({ world }) => ({ params: { id: world.accountId } }),
  sshTrust: () => ({ params: { id: `tgt_${nowhere}` }, yes: [404, 'vault.target_unknown'] }),
  trustSshAuthority: () => ({ params: { id: `tgt_${nowhere}` }, body: {}, yes: [404, 'vault.target_unknown'] }),
  distrustSshAuthority: () => ({ params: { id: `tgt_${nowhere}` }, yes: [404, 'vault.target_unknown'] }),
  rotateSshAuthority: () => ({ body: {}, yes: [403, 'vault.code_needed'] }),
  leaveHostOut: () => ({ body: { target: `tgt_${nowhere}`, reason }, yes: [403, 'vault.code_needed'] }),
  changeAccountLogin: ({ world }) => ({ params: { id: world.accountId }, body: { login: 'certificate' }, yes: [403, 'vault.code_needed'] }),
  verifyAccount: ({ world }) => ({ params: { id: world.accountId } }),
  rotateMany: () => ({ body: { choice: { by: 'target', name: 'there-is-none' }, reason }, yes: [422, 'rotation.nobody_chosen'] }),
  accountCare: ({ world }) => ({ params: { id: world.accountId } }),
  changeRotationPlan: ({ world }) => ({ params: { id: world.accountId }, body: { maxAgeSeconds: 1 }, yes: [400] }),
  changeVersionPolicy: () => ({ body: { keep: 2, days: 2, state: 'on' }, yes: [403, 'vault.code_needed'] }),
  previewPolicies: () => ({ body: { policies: [{ name: 'there-is-none', text: null }] }, yes: [404, 'access.policy_unknown'] }),
  proposePolicies: () => ({ body: { policies: [{ name: 'tier-1', text: null }], reason }, yes: [403, 'access.code_needed'] }),
  approvePolicies: () => ({ params: { id: `pch_${nowhere}` }, body: {}, yes: [403, 'access.code_needed'] }),
  withdrawPolicies: () => ({ params: { id: `pch_${nowhere}` }, body: {}, yes: [403, 'access.code_needed'] }),
  inputOpenings: () => ({}),
  askForInput: async (cell) => ({ ...(await session(cell)), body: { reason }, yes: [403, 'session.code_needed'] }),
  approveInput: () => ({ params: { id: `iop_${nowhere}` }, body: {}, yes: [403, 'session.code_needed'] }),
  withdrawInput: () => ({ params: { id: `iop_${nowhere}` }, body: {}, yes: [403, 'session.code_needed'] }),
  showInput: () => ({ params: { id: `iop_${nowhere}` }, body: {}, yes: [403, 'session.code_needed'] }),
  addRetentionClass: () => ({
    body: { name: 'a-class', anchor: 'session_ended', months: 12, applies: null, reason },
    yes: [403, 'retention.code_needed'],
  }),
  changeRetentionClass: () => ({
    params: { id: 'rtc_sox0000000' },
    body: { months: 84, applies: null, reason },
    yes: [403, 'retention.code_needed'],
  }),
  sayRetentionAnchor: ({ world }) => ({
    body: { anchor: 'account_removed', subject: world.accountId, state: 'closed', reason },
    yes: [403, 'retention.code_needed'],
  }),
  placeHold: ({ world }) => ({
    body: { kind: 'account', subject: world.accountId, caseNumber: 'C-1', reason },
    yes: [403, 'retention.code_needed'],
  }),
  liftHold: () => ({ params: { id: `lho_${nowhere}` }, body: { reason }, yes: [403, 'retention.code_needed'] }),
  sessionKept: session,
  depositCredential: ({ world }) => ({
    params: { id: world.targetId },
    body: { account: 'reports', kind: 'json', value: '{}' },
    yes: [403, 'vault.code_needed'],
  }),
  depositCredentials: ({ world }) => ({
    body: { entries: [{ target: world.targetId, account: 'reports', kind: 'json', value: '{}' }] },
    yes: [403, 'vault.code_needed'],
  }),
  destroyVersions: ({ world }) => ({
    params: { id: world.accountId },
    body: { credential: 'password', versions: [1], reason },
    yes: [403, 'vault.code_needed'],
  }),
  passwordRule: ({ world }) => ({ params: { id: world.accountId } }),
  addPasswordPolicy: () => ({ body: { name: 'long', length: 40 }, yes: [403, 'vault.code_needed'] }),
  changePasswordPolicy: () => ({ params: { id: 'pwp_aaaaaaaaaa' }, body: { length: 40 }, yes: [403, 'vault.code_needed'] }),
  holdAccount: ({ world }) => ({ params: { id: world.accountId }, body: { reason: '' }, yes: [400] }),
  accountLogins: ({ world }) => ({ params: { id: world.accountId } }),
  observeAccount: ({ world }) => ({
    params: { id: world.accountId },
    body: { observe: true, reason },
    yes: [403, 'inventory.code_needed'],
  }),
  lookAtImport: () => ({ body: { entries: [{ target: 'nowhere', account: 'nobody' }] } }),
  beginImport: () => ({ body: { source: 'CSV', code: '' }, yes: [400] }),
  importEntries: ({ world }) => ({
    params: { id: noImport },
    body: { entries: [{ account: world.accountId, secret: 'x' }] },
    yes: [404, 'onboarding.import_unknown'],
  }),
  rotateImported: () => ({ params: { id: noImport }, body: {}, yes: [404, 'onboarding.import_unknown'] }),
  addDependent: ({ world }) => ({
    params: { id: world.accountId },
    body: { host: 'web01', how: { unit: 'app.service' } },
    yes: [403, 'dependents.code_needed'],
  }),
  confirmDependent: () => ({ params: { id: noDependent }, body: {}, yes: [403, 'dependents.code_needed'] }),
  removeDependent: () => ({ params: { id: noDependent }, body: {}, yes: [403, 'dependents.code_needed'] }),
  lookAtDependent: () => ({ params: { id: noDependent }, yes: [404, 'dependents.unknown'] }),
  tellDependent: () => ({ params: { id: noDependent }, yes: [404, 'dependents.unknown'] }),
  releaseAccount: ({ world }) => ({ params: { id: world.accountId }, body: { reason }, yes: [403, 'rotation.code_needed'] }),
  rotateAccount: ({ world }) => ({ params: { id: world.accountId }, body: { reason: '' }, yes: [400] }),

  previewRequest: ({ world }) => ({ body: { account: world.account, duration: '1h' } }),
  fileRequest: ({ world }) => ({ body: { account: world.account, duration: '1h', reason } }),
  requests: ({ things }) => ({ query: 'limit=500', finds: things.request }),
  request: ({ things }) => ({ params: { id: things.request ?? '' } }),
  // not what was shown: told only to those who may decide
  approveRequest: ({ things }) => ({
    params: { id: things.request ?? '' },
    body: { digest: '0'.repeat(64), code: '000000' },
    yes: [409, 'access.other_digest'],
  }),
  denyRequest: async (cell) => ({ params: { id: await fresh(cell) }, body: { reason } }),
  withdrawRequest: async (cell) => ({ params: { id: await fresh(cell) } }),
  grants: ({ things }) => ({ query: 'limit=500', finds: things.grant }),
  // it has ended already: told only to those who may end it
  endGrant: ({ things }) => ({ params: { id: things.grant ?? '' }, body: { reason }, yes: [409, 'access.wrong_state'] }),

  checkOut: ({ world }) => ({ params: { id: world.accountId } }),
  changeCheckOut: ({ world }) => ({
    params: { id: world.accountId },
    body: { mode: 'shared', code: '000000' },
    yes: [409, 'access.check_out_same'],
  }),
  reveals: ({ world }) => ({ params: { id: world.accountId } }),
  // it is for connecting, and has ended: told only to who held it
  issueReadTicket: ({ things }) => ({ params: { id: things.grant ?? '' }, body: { code: '000000' }, yes: [409, 'access.connect_only'] }),
  readCredential: () => ({ yes: [401, 'ticket.unknown'] }),
  revealCredential: ({ things }) => ({ params: { id: things.grant ?? '' }, body: { code: '000000' }, yes: [409, 'access.connect_only'] }),
  extendGrant: ({ things }) => ({ params: { id: things.grant ?? '' }, body: { duration: '1h', reason }, yes: [410, 'access.grant_over'] }),

  sessions: ({ things }) => ({ query: 'limit=500', finds: things.session }),
  session,
  searchSessions: () => ({ body: { limit: 1 } }),
  sessionForwards: session,
  // it has ended already: told only to whose it was
  renewSession: async (cell) => ({ ...(await session(cell)), body: {}, yes: [409, 'session.not_running'] }),
  endSession: async (cell) => ({ ...(await session(cell)), body: { reason }, yes: [409, 'session.not_running'] }),
  watchSession: async (cell) => ({ ...(await session(cell)), body: {}, yes: [409, 'session.not_running'] }),
  messageSession: async (cell) => ({ ...(await session(cell)), body: { message: 'Hello.' }, yes: [409, 'session.not_running'] }),
  suspendSession: async (cell) => ({ ...(await session(cell)), body: { reason }, yes: [409, 'session.not_running'] }),
  resumeSession: async (cell) => ({ ...(await session(cell)), body: { reason }, yes: [409, 'session.not_running'] }),
  sessionAsks: ({ things }) => ({ query: 'view=all&limit=500', finds: things.ask }),
  // it is over already: told only to those who might have decided
  allowSessionAsk: ({ things }) => ({
    params: { id: things.ask ?? '' },
    body: { digest: '0'.repeat(64), code: '000000' },
    yes: [409, 'session.ask_decided'],
  }),
  refuseSessionAsk: ({ things }) => ({ params: { id: things.ask ?? '' }, body: { reason }, yes: [409, 'session.ask_decided'] }),
  signInLink: ({ things }) => ({ params: { code: things.link ?? '' }, nowhere: noLink }),
  // it is decided on already: told only to whose it is
  confirmSignInLink: ({ things }) => ({
    ...{ params: { code: things.link ?? '' }, nowhere: noLink, body: { number: '100', code: '000000' } },
    yes: [410, 'session.link_over'],
  }),
  refuseSignInLink: ({ things }) => ({ params: { code: things.link ?? '' }, nowhere: noLink, yes: [410, 'session.link_over'] }),
  endSessionsOf: () => ({ params: { id: 'per_aaaaaaaaaa' }, body: { reason } }),
  // it has ended already: told only to who held it
  webSession: ({ things }) => ({ params: { id: things.grant ?? '' }, yes: [400, 'session.takes_web_socket'] }),
  issueTicket: ({ things }) => ({ params: { id: things.grant ?? '' }, yes: [410, 'access.grant_over'] }),
  // it was by SSH: told only to those who may view it
  sessionStatements: async (cell) => ({ ...(await session(cell)), yes: [409, 'session.no_statements'] }),
  statementsVerified: async (cell) => ({ params: { ...(await session(cell)).params, ...noView }, yes: [410, 'session.view_over'] }),
  filesVerified: async (cell) => ({ params: { ...(await session(cell)).params, ...noView }, yes: [410, 'session.view_over'] }),
  sessionFiles: async (cell) => ({ ...(await session(cell)), yes: [409, 'session.no_files'] }),
  saveRecording: session,
  exportPage: session,
  exportFiles: async (cell) => ({ ...(await session(cell)), yes: [409, 'session.no_files'] }),
  exportStatements: async (cell) => ({ ...(await session(cell)), yes: [409, 'session.no_statements'] }),
  openReplay: session,
  // nobody has it open: told only to those who may open one
  replayPart: async (cell) => ({ params: { ...(await session(cell)).params, ...noReplay, n: '0' }, yes: [410, 'session.view_over'] }),
  replayVerified: async (cell) => ({ params: { ...(await session(cell)).params, ...noReplay }, yes: [410, 'session.view_over'] }),
  replayCast: session,
  replayCommands: session,
}
