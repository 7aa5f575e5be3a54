/*
 * Terminology
 *
 * - script: constant text for /bin/sh on the target. Nothing is ever put into one: names, paths, keys and passwords go
 *   to its standard input, a line each, and what follows them
 * - power: as whom a script runs: root itself, root by way of sudo, or the account that we are logged in as
 */

declare const constant: unique symbol
/** Shell text that can stand between single quotes in any login shell. */
export type Script = string & { readonly [constant]: true }

export type Power = 'root' | 'sudo' | 'own'

/** What a script's own exit statuses mean (the numbers are those of sysexits.h where it has one). */
export const exits = { noSuchAccount: 67, cutOff: 74, changedMeanwhile: 75, notPermitted: 77, notFound: 127 } as const

/**
 * Makes a script of constant text; its lines are joined, so each is complete with its `;`. A single quote would end the
 * quoting on the way, `!` and line ends mean something to csh even inside.
 */
export function script(text: string): Script {
  const line = text.trim().replace(/\s*\n\s*/g, ' ')
  if (/['!]/.test(line)) throw new Error('a script holds no single quote and no exclamation mark')
  return line as Script
}

/** Printed before a script's own output, behind whatever a login shell's files may print. */
export const beginning = 'claviger:begin\n'

// the system's own folders come first: root runs nothing from a folder that an account could put into its path
const prelude = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH; export PATH; LC_ALL=C; export LC_ALL; printf "claviger:begin\\n";'

/** The command for a login shell. `inner` reaches the script as `$1`: another script, run as someone else. */
export function commandFor(power: Power, outer: Script, inner?: Script): string {
  const shell = power === 'sudo' ? 'sudo -n /bin/sh' : '/bin/sh'
  return `${shell} -c '${prelude} ${outer}' claviger${inner ? ` '${inner}'` : ''}`
}

/** What a script wrote, without what came before it; undefined when it never began. */
export function afterBeginning(stdout: Buffer): Buffer | undefined {
  const at = stdout.indexOf(beginning)
  return at < 0 ? undefined : stdout.subarray(at + beginning.length)
}
