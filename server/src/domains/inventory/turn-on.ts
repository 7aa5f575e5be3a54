/** The lock of the database under which a server changes something on a target: one at a time, since they share the account that manages it. */
export const turnOn = (target: string): string => `claviger/rotation/${target}`
