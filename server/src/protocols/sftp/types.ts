/** Types of packets, and the codes of a status (draft-ietf-secsh-filexfer-02, which is version 3: what OpenSSH speaks). */
export const packetTypes = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const

export const statusCodes = { ok: 0, eof: 1, denied: 3, failure: 4, unsupported: 8 } as const

/** Bits in front of a file's attributes. */
export const attributeBits = { size: 1, owners: 2, mode: 4, times: 8 } as const

/** Bits of an `open` packet. */
export const openFlags = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const

/** OpenSSH's own bound (sftp-common.h): a client that reads or writes 255 KiB at once stays below it. */
export const longestPacket = 256 * 1024
/** What Linux takes as a path (PATH_MAX). */
export const longestPath = 4096
/** Bytes of a handle (the draft, section 6.2). */
export const longestHandle = 256
