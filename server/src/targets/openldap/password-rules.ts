/** Bytes. slapd takes more; nothing that speaks LDAP was seen to cut below. */
export const longestPassword = 512

/** What a directory takes: see PasswordRules of the contract. */
export const passwordRules = { maxLength: 128 }
