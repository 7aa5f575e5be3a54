import { defineTargetKind } from '../contract.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { logins } from './logins.ts'
import { rotate } from './rotate.ts'
import { postgresSettings } from './settings.ts'
import { verify } from './verify.ts'

/** A PostgreSQL cluster, its roles, their passwords and their certificates. See README.md beside this file. */
export const postgres = defineTargetKind({
  name: 'postgres',
  settings: postgresSettings,
  wire: 'postgres',
  credentialKinds: ['password'],
  broughtKinds: ['tls'],
  // what connection strings and password files would have to quote
  passwordRules: { minLength: 1, maxLength: 512, excluded: `'"\\:@/ ` },
  identify,
  discover,
  logins,
  rotate,
  lifecycle,
  verify,
})
