import { defineTargetKind } from '../contract.ts'
import { closeOthers } from './close-others.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { rotate } from './rotate.ts'
import { mysqlSettings } from './settings.ts'
import { verify } from './verify.ts'

/** A MariaDB or MySQL server, its accounts and their passwords. See README.md beside this file. */
export const mysql = defineTargetKind({
  name: 'mysql',
  wire: 'mysql',
  settings: mysqlSettings,
  credentialKinds: ['password'],
  // clients and option files end a password at a quote, a backslash or a hash
  passwordRules: { minLength: 1, maxLength: 128, excluded: `'"\\\`#` },
  identify,
  discover,
  rotate,
  closeOthers,
  lifecycle,
  verify,
})
