import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as identity from '../../../server/src/platform/process/identity.ts'
import { settingNames } from './settings-file.ts'
import { group, users } from './users.ts'

test('the users that are made are those that the server gives its parts', () => {
  const made = Object.fromEntries(users.map(({ name, id }) => [name.replace('claviger-', ''), id]))
  const { labDatabase: _, ...parts } = identity.users
  expect(made).toEqual(parts)
  expect(group.id).toBe(identity.group)
})

test('the settings file names every setting of a service, and no other', () => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, '../../../server/src', file), 'utf8')
  const settings = ['config', 'hsm-settings', 'kms-settings', 'bucket-settings', 'outage-settings']
  const config = settings.map((name) => read(`${name}.ts`)).join('')
  const all = [...config.matchAll(/^ {2}([A-Z0-9_]+): /gm)].map(([, name]) => name ?? '')
  // Node's own; the lab's are for no service; the unit says where the data is; a password belongs into a file
  const elsewhere = ['CLAVIGER_DATA', 'DATABASE_URL', 'CLAVIGER_LAB_DB_PORT', 'CLAVIGER_LAB_SSH_PORT']
  expect([...settingNames].sort()).toEqual([...all.filter((name) => !elsewhere.includes(name)), 'OPENSSL_CONF', 'OPENSSL_MODULES'].sort())
})
