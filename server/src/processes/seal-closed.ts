/**
 * Why keeper, api and gateway are replaced when the seal was closed: credentials, shares and codes passed through them, as JavaScript strings too, and
 * libraries and Node itself keep copies. Nobody can wipe those; a process that ended has none.
 */
export const sealClosed = 'the seal is closed'
