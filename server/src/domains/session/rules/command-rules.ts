import type { Look, RuleName } from './rule.ts'
import { type SimpleCommand, simpleCommands } from './split-shell.ts'
import { rulesOfStatement } from './statement-rules.ts'

/** How deep `sh -c "sh -c …"` is followed. */
const deepest = 4

/** What a line that somebody entered in a shell, or sent as a command, is seen to do. */
export const rulesOfCommand: Look<string> = (line) => {
  const seen = new Set<RuleName>()
  look(line, seen, 0)
  return seen
}

function look(line: string, seen: Set<RuleName>, depth: number): void {
  if (depth > deepest) {
    seen.add('opaque')
    return
  }
  for (const command of simpleCommands(line)) {
    for (const file of command.writes) written(file, seen)
    const words = withoutWrappers(command, seen)
    const [program = '', ...args] = [baseName(words[0] ?? ''), ...words.slice(1)]
    const inner = shells.has(program)
      ? args[args.findIndex((a) => /^-[a-z]*c$/.test(a)) + 1]
      : program === 'eval'
        ? args.join(' ')
        : undefined
    const said = inner !== undefined && (program === 'eval' || args.some((a) => /^-[a-z]*c$/.test(a)))
    if (said) look(inner, seen, depth + 1)
    else for (const [name, does] of Object.entries(rules)) if (does(program, args)) seen.add(name as RuleName)
    if (sqlClients.has(program)) for (const rule of rulesOfStatement(sqlOf(args))) seen.add(rule)
  }
}

const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'su', 'runuser'])
const sqlClients = new Set(['psql', 'mysql', 'mariadb'])
const flags = (args: readonly string[]): string => args.filter((a) => /^-[a-zA-Z]+$/.test(a)).join('')
const has = (args: readonly string[], ...words: string[]): boolean => words.some((w) => args.includes(w))
const any = (args: readonly string[], pattern: RegExp): boolean => args.some((a) => pattern.test(a))
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const historyFile = /(^|\/)\.(\w+_)?history$|^\$\{?HISTFILE\}?$/
const logs = /^\/var\/log(\/|$)/
const auditServices =
  /^(auditd|rsyslog|syslog(-ng)?|systemd-journald|osqueryd?|falco|wazuh-agent|filebeat|fluent-?bit|td-agent)(\.service|\.socket)?$/
const privilegeFiles = /^\/etc\/(sudoers(\.d\/.*)?|passwd|shadow|group|gshadow|ld\.so\.preload|pam\.d\/.*)$|\/\.ssh\/authorized_keys2?$/
const secretFiles =
  /^\/etc\/(shadow|gshadow)-?$|\/\.ssh\/id_\w+$|\/ssh_host_\w+_key$|\.(kdbx|p12|pfx|jks)$|\/\.(aws\/credentials|pgpass|my\.cnf|vault-token)$/
const dumpTools =
  /^(pg_dump|pg_dumpall|pg_basebackup|mysqldump|mariadb-dump|mydumper|mongodump|mongoexport|sqlite3_rsync|expdp|exp|bcp|ldapsearch|slapcat|secretsdump\.py)$/
const opaquePrograms =
  /^(ssh|telnet|rlogin|mosh|tmux|screen|docker|podman|kubectl|nsenter|chroot|lxc|virsh|python[\d.]*|perl|ruby|node|php|lua|awk|gawk|expect|gdb|vi|vim|nvim|emacs|ed|redis-cli|sqlplus|mongosh?|psql|mysql|mariadb)$/

const rules: Partial<Record<RuleName, (program: string, args: readonly string[]) => boolean>> = {
  recursive_delete: (program, args) =>
    (program === 'rm' && (/[rR]/.test(flags(args)) || has(args, '--recursive'))) ||
    (program === 'find' && (has(args, '-delete') || (has(args, '-exec', '-execdir', '-ok') && any(args, /(^|\/)rm$/)))) ||
    /^(mkfs(\.\w+)?|wipefs|blkdiscard)$/.test(program) ||
    (program === 'dd' && any(args, /^of=\/dev\/(?!null$|stdout$)/)) ||
    (program === 'shred' && args.length > 0),
  dump: (program, args) =>
    dumpTools.test(program) ||
    (program === 'redis-cli' && has(args, '--rdb', '--scan')) ||
    (program === 'dd' && any(args, /^if=\/dev\/(sd|vd|nvme|xvd|mem|dm-)/)),
  secrets_taken: (program, args) =>
    /^(cat|less|more|head|tail|cp|scp|rsync|tar|zip|base64|xxd|od|strings|grep|curl|mv|install|dd|vi|vim|nano)$/.test(program) &&
    any(args, new RegExp(`${secretFiles.source}|^(if=|@)/etc/shadow$`)),
  history_wiped: (program, args) =>
    (program === 'history' && /[cdw]/.test(flags(args))) ||
    (program === 'unset' && any(args, /^HIST/)) ||
    (/^(export|set|declare|typeset)$/.test(program) &&
      any(args, /^(HISTFILE=(\/dev\/null)?|HIST(FILE)?SIZE=0|\+o$)$/) &&
      (program !== 'set' || has(args, 'history'))) ||
    (/^(rm|shred|truncate|unlink|ln|cp|mv)$/.test(program) && any(args, historyFile)) ||
    /^HIST(FILE=(\/dev\/null)?|(FILE)?SIZE=0)$/.test(program),
  audit_stopped: (program, args) =>
    (program === 'systemctl' && has(args, 'stop', 'disable', 'mask', 'kill') && any(args, auditServices)) ||
    (program === 'service' && auditServices.test(args[0] ?? '') && has(args, 'stop')) ||
    (program === 'auditctl' && (has(args, '-D') || (has(args, '-e') && args[args.indexOf('-e') + 1] === '0'))) ||
    (/^(pkill|killall)$/.test(program) && any(args, auditServices)) ||
    (program === 'setenforce' && has(args, '0', 'Permissive')) ||
    (/^(rm|shred|truncate|unlink)$/.test(program) && any(args, logs)) ||
    (program === 'journalctl' && any(args, /^--vacuum/)),
  privilege_escalation: (program, args) =>
    (program === 'chmod' && any(args, /^([ugoa]*\+[rwxXt]*s|[2467]\d{3}|0[2467]\d{3})$/)) ||
    program === 'visudo' ||
    (program === 'setcap' && args.length > 0) ||
    (program === 'su' && !any(args, /^[^-]/)) ||
    (/^(usermod|gpasswd|adduser|addgroup)$/.test(program) && any(args, /^(.*,)?(sudo|wheel|root|admin|docker|lxd|disk|shadow)(,.*)?$/)) ||
    (/^(useradd|usermod)$/.test(program) && args.some((a, i) => (a === '-u' || a === '--uid') && args[i + 1] === '0')) ||
    (/^(tee|cp|mv|install|vi|vim|nano|sed|ed|chown|chmod|ln)$/.test(program) && any(args, privilegeFiles)),
  opaque: (program, args) =>
    opaquePrograms.test(program) ||
    (shells.has(program) && program !== 'su') ||
    program === 'source' ||
    program === '.' ||
    (program === 'xargs' && args.length > 0),
}

function written(file: string, seen: Set<RuleName>): void {
  if (historyFile.test(file)) seen.add('history_wiped')
  if (privilegeFiles.test(file)) seen.add('privilege_escalation')
  if (logs.test(file)) seen.add('audit_stopped')
  if (/^\/dev\/(sd|vd|nvme|xvd|dm-)/.test(file)) seen.add('recursive_delete')
}

/** Programs that run another one, and how many of their own words come before it: those that begin like an option, and values of these options. */
const wrappers: Record<string, { values: RegExp; takes?: number }> = {
  sudo: { values: /^-([ugpCrtThRD]|-user|-group)$/ },
  doas: { values: /^-[uC]$/ },
  env: { values: /^-([uCS]|-unset|-chdir)$/ },
  nice: { values: /^-n$/ },
  ionice: { values: /^-[cn]$/ },
  timeout: { values: /^-[ks]$/, takes: 1 },
  nohup: { values: /^$/ },
  time: { values: /^-[fo]$/ },
  exec: { values: /^-a$/ },
  command: { values: /^$/ },
  builtin: { values: /^$/ },
  setsid: { values: /^$/ },
  stdbuf: { values: /^-[ioe]$/ },
}

function withoutWrappers({ words }: SimpleCommand, seen: Set<RuleName>): string[] {
  let rest = words
  for (;;) {
    // words of the shell's own, and assignments ahead of a command
    while (/^(if|then|else|elif|while|until|do|!|time)$/.test(rest[0] ?? '') || (/^\w+=/.test(rest[0] ?? '') && rest.length > 1))
      rest = rest.slice(1)
    const program = baseName(rest[0] ?? '')
    const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined
    if (!wrapper || rest.length < 2) return rest
    let at = 1
    while (/^-./.test(rest[at] ?? '') || /^\w+=/.test(rest[at] ?? '')) {
      if (/^(sudo|doas)$/.test(program) && /^-(-shell|-login|[a-zA-Z]*[si])$/.test(rest[at] ?? '')) {
        // a shell of root's, where nothing else follows
        if (at === rest.length - 1) seen.add('privilege_escalation')
      }
      at += wrapper.values.test(rest[at] ?? '') ? 2 : 1
    }
    rest = rest.slice(at + (wrapper.takes ?? 0))
  }
}

/** What is given to a client of a database on its command line. */
const sqlOf = (args: readonly string[]): string =>
  args
    .map((a, i) => (/^(-c|-e|--command|--execute)$/.test(a) ? args[i + 1] : /^(?:--command=|--execute=|-e(?=.))(.*)$/s.exec(a)?.[1]))
    .filter((a) => a !== undefined)
    .join(';\n')
