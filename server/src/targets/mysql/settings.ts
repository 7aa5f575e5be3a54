import { z } from 'zod'

const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/

/** How we reach one MariaDB or MySQL server. TLS is no choice: without it the server could not prove who it is. */
export const mysqlSettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of the server'),
  port: z.int().min(1).max(65_535).default(3306).describe('Where the server listens'),
  /** PEM; the server's own certificate where it is self-signed. */
  ca: z
    .string()
    .max(64_000)
    .regex(certificate, 'must be a certificate in PEM')
    .optional()
    .describe("Certificate in PEM to check the chain against; the system's authorities when left out"),
  /**
   * `hash`: the server gets what it stores, and no log can hold a password. `text`: for a server that checks new passwords and
   * therefore takes no hash (strict_password_validation); it is sent under TLS, with the general log off for our session.
   */
  passwordAs: z
    .enum(['hash', 'text'])
    .default('hash')
    .describe('hash: the server never sees a new password. text: for a server that checks passwords and takes no hash'),
})

export type MysqlSettings = z.infer<typeof mysqlSettings>
