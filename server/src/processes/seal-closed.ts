/**
 * Why api and gateway are replaced when the seal was closed: credentials, shares and codes passed through them as JavaScript strings, and libraries
 * keep copies. Nobody can wipe those; a process that ended has none.
 */
export const sealClosed = 'the seal is closed'
