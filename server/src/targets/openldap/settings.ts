import { z } from 'zod'
import { parseDn } from '../../platform/ldap/index.ts'

const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/
const dn = (about: string) =>
  z
    .string()
    .trim()
    .max(1_024)
    .refine((text) => parseDn(text) !== undefined, 'must be a distinguished name, such as dc=example,dc=org')
    .describe(about)

/** How we reach one OpenLDAP directory, and how its entries are arranged: a directory has no rule for either. */
export const openldapSettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of the server'),
  port: z.int().min(1).max(65_535).default(636).describe('Where slapd listens: 636 for ldaps, 389 for starttls'),
  tls: z
    .enum(['ldaps', 'starttls'])
    .default('ldaps')
    .describe('TLS from the first byte, or asked for on a clear connection. There is no way without'),
  ca: z
    .string()
    .max(65_536)
    .regex(certificate, 'must be a certificate in PEM')
    .optional()
    .describe('The authority that signed its certificate, in PEM; left out, the authorities of this system'),
  serverName: z.hostname().max(253).optional().describe('The name in its certificate, where that is another than the host'),
  baseDn: dn('Where the directory begins, such as dc=example,dc=org'),
  nameAttribute: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/, 'must be the name of an attribute')
    .default('uid')
    .describe('The attribute that holds the name people type'),
  accountsDn: dn(
    'Where accounts are, such as ou=people,dc=example,dc=org: for logins where nobody may search without one, and for new accounts',
  ).optional(),
  adminGroups: z
    .string()
    .max(1_024)
    .regex(/^[^,\p{Cc}]+(,[^,\p{Cc}]+)*$/u, 'must be names with commas between them')
    .default('admins,administrators,admin,wheel,sudo,root,ldapadmins')
    .describe('Groups whose members are privileged, by their cn, with commas between them'),
  rootDn: dn(
    'The rootdn of slapd, if Claviger logs in with it: its account is called as its first part, so admin for cn=admin,…',
  ).optional(),
})

export type OpenldapSettings = z.infer<typeof openldapSettings>
