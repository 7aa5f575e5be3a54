import { defineTargetKind } from '../contract.ts'
import { closeOthers } from './close-others.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { rotate } from './rotate.ts'
import { linuxSshSettings } from './settings.ts'
import { verify } from './verify.ts'

/** Linux hosts with OpenSSH: accounts with passwords and authorized keys. What it does on a host: README.md. */
export const linuxSsh = defineTargetKind({
  name: 'linux-ssh',
  wire: 'ssh',
  credentialKinds: ['ssh-key', 'password'],
  settings: linuxSshSettings,
  identify,
  discover,
  rotate,
  closeOthers,
  verify,
})
