import { defineTargetKind } from '../contract.ts'
import { closeOthers } from './close-others.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { logins } from './logins.ts'
import { rotate, rotateMany } from './rotate.ts'
import { linuxSshSettings } from './settings.ts'
import { tellDependents } from './tell.ts'
import { trustAuthority } from './trust-authority.ts'
import { verify } from './verify.ts'

/** Linux hosts with OpenSSH: accounts with passwords and authorized keys. What it does on a host: README.md. */
export const linuxSsh = defineTargetKind({
  name: 'linux-ssh',
  wire: 'ssh',
  credentialKinds: ['ssh-key', 'password'],
  // chpasswd reads a line, and crypt(3) what it can take
  passwordRules: { minLength: 1, maxLength: 512 },
  settings: linuxSshSettings,
  identify,
  discover,
  rotate,
  rotateMany,
  closeOthers,
  lifecycle,
  logins,
  dependents: tellDependents,
  authority: trustAuthority,
  verify,
})
