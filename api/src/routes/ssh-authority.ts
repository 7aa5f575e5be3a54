import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id, line, shortName, stepUp, time } from '../values.ts'

const tag = 'ssh-authority'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const

/** How a host was seen to trust the authority. */
const trusted = z.strictObject({
  /** The newest version of the authority whose certificate opened, and all of them. */
  version: z.int(),
  versions: z.array(z.int()),
  /** Whether somebody laid down the files; else the account that manages the target did. */
  byHand: z.boolean(),
  at: time,
})

const version = z.strictObject({
  version: z.int(),
  /** current: what signs; candidate: what will, once the hosts trust it; previous: what signed before. */
  state: z.enum(['current', 'candidate', 'previous']),
  /** The public key as a line, as `TrustedUserCAKeys` takes it. */
  line: z.string(),
  fingerprint: z.string(),
  madeAt: time,
})

/** How far the replacement of the authority is; of the last one where none runs. */
const rotation = z.strictObject({
  /** telling: hosts are told of the new key, the old one signs; signing: the new one signs, and the old one is taken away; done. */
  step: z.enum(['telling', 'signing', 'done']),
  from: z.int(),
  to: z.int(),
  begunAt: time,
  changedAt: time,
  /** Hosts that this step does not wait for any more, of all that trust the authority. */
  told: z.int(),
  of: z.int(),
  /** Those that it waits for, 500 at most. */
  waiting: z.array(
    z.strictObject({
      target: z.strictObject({ id: id('tgt'), name: shortName }),
      byHand: z.boolean(),
      tries: z.int(),
      nextTry: time.nullable(),
      why: z.string().nullable(),
    }),
  ),
  leftOut: z.array(z.strictObject({ target: z.strictObject({ id: id('tgt'), name: shortName }), reason: z.string(), by: z.string() })),
})
export type SshRotation = z.infer<typeof rotation>

export const sshAuthority = defineRoute({
  id: 'sshAuthority',
  method: 'GET',
  path: '/api/ssh-authority',
  tag,
  who: staff,
  summary: 'The public key of the SSH authority, under which sessions log in by certificate, and the hosts that trust it',
  answer: z.strictObject({
    versions: z.array(version),
    /** Addresses or networks from which its certificates are good; none: from anywhere. */
    sources: z.array(z.string()),
    /** By name, 500 at most. */
    hosts: z.array(z.strictObject({ target: z.strictObject({ id: id('tgt'), name: shortName }), trusted, accounts: z.int() })),
    rotation: rotation.nullable(),
  }),
})
export type SshAuthority = z.infer<typeof sshAuthority.answer>

export const rotateSshAuthority = defineRoute({
  id: 'rotateSshAuthority',
  method: 'POST',
  path: '/api/ssh-authority/rotate',
  tag,
  who: ['administrators'],
  summary: 'Replace the key of the SSH authority: it signs when all hosts trust it, then the old one is taken away; goes on by itself',
  body: z.strictObject({ ...stepUp }),
  answer: z.strictObject({ rotation }),
})
export const leaveHostOut = defineRoute({
  id: 'leaveHostOut',
  method: 'POST',
  path: '/api/ssh-authority/leave-out',
  tag,
  who: ['security'],
  summary: 'Have the replacement of the SSH authority not wait for a host; certificates do not open it until it is told',
  body: z.strictObject({ target: id('tgt'), reason: line(500).min(3), ...stepUp }),
  answer: z.strictObject({ rotation }),
})

/** What one host has to be told, and whether it was seen to believe it. */
const trust = z.strictObject({
  target: z.strictObject({ id: id('tgt'), name: shortName }),
  /** What is laid down on the host, for who does it by hand. sshd is to be reloaded afterwards. */
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
  trusted: trusted.nullable(),
})
export type SshTrust = z.infer<typeof trust>
const params = z.strictObject({ id: id('tgt') })

export const sshTrust = defineRoute({
  id: 'sshTrust',
  method: 'GET',
  path: '/api/targets/:id/ssh-trust',
  tag,
  who: staff,
  summary: 'What a host is told so that it trusts the SSH authority, and whether it does',
  params,
  answer: trust,
})
export const trustSshAuthority = defineRoute({
  id: 'trustSshAuthority',
  method: 'POST',
  path: '/api/targets/:id/ssh-trust',
  tag,
  who: ['administrators'],
  summary: 'Have a host trust the SSH authority, and see it with a login; where it does not work the host is put back as it was',
  params,
  /** By hand: the files are there already, and are looked for by a login alone. */
  body: z.strictObject({ byHand: z.boolean().default(false) }),
  answer: trust,
})
export const distrustSshAuthority = defineRoute({
  id: 'distrustSshAuthority',
  method: 'POST',
  path: '/api/targets/:id/ssh-trust/remove',
  tag,
  who: ['administrators'],
  summary: 'Take from a host what had it trust the SSH authority; not while one of its accounts is reached by certificate',
  params,
  answer: trust,
})
export const accountLogin = defineRoute({
  id: 'accountLogin',
  method: 'GET',
  path: '/api/accounts/:id/login',
  tag,
  who: staff,
  summary: 'Whether sessions log in to an account by certificate, or with what the vault keeps of it',
  params: z.strictObject({ id: id('acc') }),
  /** `possible`: its target was seen to trust the authority. */
  answer: z.strictObject({ login: z.enum(['certificate', 'stored']), possible: z.boolean() }),
})
export const changeAccountLogin = defineRoute({
  id: 'changeAccountLogin',
  method: 'PATCH',
  path: '/api/accounts/:id/login',
  tag,
  who: ['administrators'],
  summary: 'Say whether sessions log in to an account by certificate, or with what the vault keeps of it',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ login: z.enum(['certificate', 'stored']), ...stepUp }),
  answer: z.strictObject({ login: z.enum(['certificate', 'stored']) }),
})
