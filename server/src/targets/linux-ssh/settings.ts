import { z } from 'zod'

/** How we reach one Linux host over SSH. */
export const linuxSshSettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of the host'),
  port: z.int().min(1).max(65_535).default(22).describe('Where sshd listens'),
  /**
   * Whether a login that is not root may become root with `sudo -n`. Off unless someone decides it: an account with
   * passwordless sudo would otherwise quietly give us every other account of its host.
   */
  sudo: z.boolean().default(false).describe('A login that is not root may become root with sudo, without a password'),
  /**
   * Where sshd looks for authorized keys, in its own notation (`%h/.ssh/authorized_keys`). Only for hosts whose sshd
   * cannot be asked (`sshd -T` needs root and the ordinary configuration file).
   */
  authorizedKeysFile: z
    .string()
    .min(1)
    .max(1_024)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line')
    .optional()
    .describe('Where sshd looks for keys, such as %h/.ssh/authorized_keys; only for hosts whose sshd cannot be asked'),
})

export type LinuxSshSettings = z.infer<typeof linuxSshSettings>
