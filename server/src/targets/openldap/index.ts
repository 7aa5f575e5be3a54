import { defineTargetKind } from '../contract.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { passwordRules } from './password-rules.ts'
import { rotate } from './rotate.ts'
import { openldapSettings } from './settings.ts'
import { verify } from './verify.ts'

/** An OpenLDAP directory (slapd) and the passwords of its entries. See README.md beside this file. */
export const openldap = defineTargetKind({
  name: 'openldap',
  settings: openldapSettings,
  credentialKinds: ['password'],
  passwordRules,
  identify,
  discover,
  rotate,
  verify,
  lifecycle,
})
