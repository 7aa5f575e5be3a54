/** What to type for ssh: the name says who comes, as which account, to which target. */
export const sshCommand = ({ host, port, user }: { host: string; port: number; user: string }): string =>
  `ssh -p ${port} -l ${quoted(user)} ${quoted(host)}`

/** For a POSIX shell: account names may hold `$` and backslashes. */
const quoted = (text: string): string => (/^[\w@.:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
