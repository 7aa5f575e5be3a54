import { defineTargetKind } from '../contract.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { changeOwn, rotate } from './rotate.ts'
import { activeDirectorySettings } from './settings.ts'
import { passwordRules } from './unicode-password.ts'
import { verify } from './verify.ts'

/** A domain of Active Directory, through one of its domain controllers. See README.md beside this file for what was tried against what. */
export const activeDirectory = defineTargetKind({
  name: 'active-directory',
  settings: activeDirectorySettings,
  credentialKinds: ['password'],
  passwordRules,
  identify,
  discover,
  rotate,
  changeOwn,
  verify,
  lifecycle,
})
