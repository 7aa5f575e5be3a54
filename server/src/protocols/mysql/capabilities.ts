/** What client and server can do together (MySQL docs, "Capabilities Flags"). Only those that we speak of. */
export const can = {
  longPassword: 0x1,
  foundRows: 0x2,
  longFlag: 0x4,
  connectWithDatabase: 0x8,
  localFiles: 0x80,
  ignoreSpace: 0x100,
  protocol41: 0x200,
  interactive: 0x400,
  ssl: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiStatements: 0x10000,
  multiResults: 0x20000,
  preparedMultiResults: 0x40000,
  pluginAuth: 0x80000,
  connectAttributes: 0x100000,
  longProofs: 0x200000,
} as const

/** What a login of ours asks for: no files of ours (LOAD DATA LOCAL), one statement at a time, results in their plainest form. */
export const ourCapabilities = can.longPassword | can.protocol41 | can.transactions | can.secureConnection | can.pluginAuth

/** What a client may choose for its session, and its target is asked for likewise: none of it changes how packets are read. */
export const chosenBySessions =
  can.foundRows | can.longFlag | can.ignoreSpace | can.interactive | can.multiStatements | can.multiResults | can.preparedMultiResults

/**
 * What a door offers. Left out is what would hide what passes (compression), and every newer form of a
 * result, so that one form is to be understood and every server speaks it. With `longPassword` MariaDB's own extensions stay away as well.
 */
export const offered =
  ourCapabilities | chosenBySessions | can.connectWithDatabase | can.ssl | can.connectAttributes | can.longProofs | can.localFiles
