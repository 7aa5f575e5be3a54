import { defineTargetKind } from '../contract.ts'
import { discover } from './discover.ts'
import { identify } from './identify.ts'
import { lifecycle } from './lifecycle.ts'
import { rotate } from './rotate.ts'
import { redisSettings } from './settings.ts'
import { verify } from './verify.ts'

/** A Redis server (6 or newer), its ACL users and their passwords. See README.md beside this file. */
export const redis = defineTargetKind({
  name: 'redis',
  settings: redisSettings,
  credentialKinds: ['password'],
  // what redis-cli, URLs and configuration files would have to quote
  passwordRules: { minLength: 1, maxLength: 512, excluded: `'"\\ #@:/` },
  identify,
  discover,
  rotate,
  lifecycle,
  verify,
})
