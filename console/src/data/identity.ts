import {
  type AnswerOf,
  activations,
  audit,
  type BodyOf,
  backup,
  breakGlass,
  checkOut,
  controls,
  credentials,
  dependents,
  identity,
  inventory,
  onboarding,
  people,
  policy,
  retention,
  rotation,
  seal,
  session,
  sshAuthority,
  unproven,
  versions,
  type Who,
} from '@claviger/api'
import { queryOptions, useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

const atTheDoor = { atTheDoor: true }

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => ask(identity.me),
  staleTime: 30_000,
  // asks in the background, so that a sign-in that ended shows the sign-in page and not a dead one
  refetchInterval: keepAsking(60_000),
})

export type Viewer = ReturnType<typeof useViewer>

/** Who looks at the page. Only inside the shell, where the router has loaded it. */
export function useViewer() {
  const { data } = useSuspenseQuery(meQuery)
  // the contract's own table of who may call what, so that the console offers what the server allows
  const may = ({ who }: { who: Who }) => typeof who === 'string' || who.some((g) => data.person.groups.includes(g))
  // whom requests are brought before; on each one `approveBlocked` is the server's word
  const decides = data.person.groups.some((g) => g === 'approvers' || g === 'security')
  return {
    ...data,
    id: data.person.id,
    decides,
    seesDecisions: decides || data.person.groups.includes('auditors'),
    endsSessions: may(session.endSession),
    seesRecordings: may(session.replayCast),
    opensInput: may(unproven.askForInput),
    seesInventory: may(inventory.targets),
    addsTargets: may(inventory.addTarget),
    changesTargets: may(inventory.changeTarget),
    discovers: may(inventory.discoverTarget),
    rotates: may(inventory.rotateAccount),
    seesCredentialReport: may(credentials.credentialReport),
    bringsManyCredentials: may(credentials.depositCredentials),
    destroysVersions: may(versions.destroyVersions),
    seesRetention: may(retention.retention),
    changesRetention: may(retention.changeRetentionClass),
    seesHolds: may(retention.holds),
    administers: may(checkOut.changeCheckOut),
    observesAccounts: may(inventory.observeAccount),
    imports: may(onboarding.beginImport),
    addsDependents: may(dependents.addDependent),
    tellsDependents: may(dependents.tellDependent),
    // an approver who said yes to it may, too: on the page of the request
    forcesCheckIn: data.person.groups.includes('security'),
    reconciles: may(rotation.reconcileAccount),
    rotatesMany: may(rotation.rotateMany),
    verifies: may(rotation.verifyAccount),
    plansRotation: may(rotation.changeRotationPlan),
    seesRotations: data.person.groups.length > 0,
    holdsAccounts: may(rotation.holdAccount),
    releasesAccounts: may(rotation.releaseAccount),
    // who the policies let ask for something; whether for this account, policy answers when it is asked
    asks: data.person.groups.some((g) => g === 'engineers' || g === 'administrators'),
    readsLedger: may(audit.ledger),
    seesBreakglass: may(breakGlass.breakglass),
    seesActivations: may(activations.activations),
    activates: may(activations.activate),
    agreesToBreakglass: data.person.groups.some((g) => g === 'security' || g === 'administrators'),
    marksBreakglass: may(breakGlass.markAccount),
    makesKits: may(breakGlass.makeKit),
    confirmsBreakglass: data.person.groups.includes('security'),
    seesControls: may(controls.controls),
    seesBackups: may(backup.backups),
    backsUp: may(backup.beginBackup),
    closesSeal: may(seal.sealClose),
    seesSshAuthority: may(sshAuthority.sshAuthority),
    rotatesSshAuthority: may(sshAuthority.rotateSshAuthority),
    leavesHostsOut: may(sshAuthority.leaveHostOut),
    overseesPeople: data.person.groups.some((g) => g === 'administrators' || g === 'security' || g === 'auditors'),
    changesPeople: may(people.disablePerson),
    confirmsPeople: may(people.confirmPerson),
    asksWhoCan: may(policy.whoCan),
    seesPolicyChanges: may(policy.policyChanges),
    changesPolicies: may(policy.proposePolicies),
  }
}

export const useSignIn = () =>
  useMutation({ meta: atTheDoor, mutationFn: (body: BodyOf<typeof identity.signIn>) => ask(identity.signIn, { body }) })

export const useSignInCode = () =>
  useMutation({
    meta: atTheDoor,
    mutationFn: (body: { challenge: string; code: string }) => ask(identity.signInCode, { body: { ...body, as: 'browser' } }),
  })

export const useSignOut = () => useMutation({ meta: atTheDoor, mutationFn: () => ask(identity.signOut) })

export const useSetupStatus = () => useQuery({ queryKey: ['setup'], meta: atTheDoor, queryFn: () => ask(identity.setupStatus) })

export const useSetupAdministrator = () =>
  useMutation({
    meta: atTheDoor,
    mutationFn: (body: BodyOf<typeof identity.setupAdministrator>) => ask(identity.setupAdministrator, { body }),
  })

export const useEnrol = () =>
  useMutation({ meta: atTheDoor, mutationFn: (body: BodyOf<typeof identity.enrol>) => ask(identity.enrol, { body }) })

/** Proves the authenticator with a first code. The first administrator's run is closed with it: from then on every change needs a person. */
export function useConfirmEnrolment(first: boolean) {
  // the code is accepted once: when only closing the first run failed, trying again must not send it again
  const confirmed = useRef<AnswerOf<typeof identity.enrolConfirm>>(undefined)
  return useMutation({
    meta: atTheDoor,
    mutationFn: async (body: BodyOf<typeof identity.enrolConfirm>) => {
      confirmed.current ??= await ask(identity.enrolConfirm, { body })
      if (first) await ask(identity.setupFinish, { body: { token: body.token } })
      return confirmed.current
    },
  })
}
