/** What client and server can do together (MySQL docs, "Capabilities Flags"). Only those that we speak of. */
export const can = {
  longPassword: 0x1,
  connectWithDatabase: 0x8,
  localFiles: 0x80,
  protocol41: 0x200,
  ssl: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
} as const

/** What a login of ours asks for: no files of ours (LOAD DATA LOCAL), one statement at a time, results in their plainest form. */
export const ourCapabilities = can.longPassword | can.protocol41 | can.transactions | can.secureConnection | can.pluginAuth
