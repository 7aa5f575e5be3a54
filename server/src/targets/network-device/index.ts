import { defineTargetKind } from '../contract.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { rotate } from './rotate.ts'
import { networkDeviceSettings } from './settings.ts'
import { verify } from './verify.ts'

/** Switches, routers and firewalls with a command line over SSH, each vendor as a description. See README.md beside this file. */
export const networkDevice = defineTargetKind({
  name: 'network-device',
  credentialKinds: ['password'],
  settings: networkDeviceSettings,
  // of the vendor that takes least
  passwordRules: { minLength: 1, maxLength: 25, excluded: `?"'\\ ` },
  identify,
  discover,
  rotate,
  verify,
})
