/** uid and gid of deploy: in nobody's range on the machine below. */
export const deployId = 64821

/** Stands in shadow until the first start has set the first password; nothing hashes to it. */
export const notSetYet = '!not-set-yet'

/** Settings of the machine's programs that they need in web01 too. Nothing here says who may do what on the machine. */
export const borrowed = [
  ...[
    'alternatives',
    'bash.bashrc',
    'bash_completion',
    'bash_completion.d',
    'bashrc',
    'crypto-policies',
    'debian_version',
    'default',
    'gai.conf',
  ],
  ...['host.conf', 'inputrc', 'issue', 'ld.so.conf', 'ld.so.conf.d', 'libaudit.conf', 'locale.conf', 'localtime', 'login.defs', 'networks'],
  ...[
    'os-release',
    'profile',
    'profile.d',
    'protocols',
    'rpc',
    'security',
    'services',
    'shells',
    'skel',
    'terminfo',
    'timezone',
    'vim',
    'xattr.conf',
  ],
]

interface EtcFile {
  text: string
  mode: number
}

const pam = [
  'auth required pam_unix.so',
  'account required pam_unix.so',
  'session required pam_unix.so',
  'password required pam_unix.so sha512',
  '',
].join('\n')
/** A refused password is answered at once. Everything else on the host keeps its delay. */
const pamForSshd = pam.replace('auth required pam_unix.so', 'auth required pam_unix.so nodelay')
/** Root may become anybody without a password, as everywhere. */
const pamForRoot = `auth sufficient pam_rootok.so\n${pam}`

const fixed: Record<string, EtcFile> = {
  hostname: { text: 'web01\n', mode: 0o644 },
  hosts: { text: '127.0.0.1 localhost web01\n::1 localhost\n', mode: 0o644 },
  'nsswitch.conf': { text: 'passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n', mode: 0o644 },
  motd: { text: 'web01, a host of the Claviger lab. Nothing on it is real.\n', mode: 0o644 },
  sudoers: { text: 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n', mode: 0o440 },
  'sudoers.d/deploy': {
    text: '# left over from the first roll-out\ndeploy web01=(root) NOPASSWD: /usr/bin/systemctl restart orders\n',
    mode: 0o440,
  },
  ...Object.fromEntries(['sudo', 'passwd', 'login', 'other'].map((name) => [`pam.d/${name}`, { text: pam, mode: 0o644 }])),
  'pam.d/sshd': { text: pamForSshd, mode: 0o644 },
  ...Object.fromEntries(
    ['su', 'su-l', 'runuser', 'runuser-l', 'chpasswd'].map((name) => [`pam.d/${name}`, { text: pamForRoot, mode: 0o644 }]),
  ),
}

/** The machine's system accounts, locked, so that its programs find their names; then web01's own two. */
function users(machinePasswd: string, machineGroup: string): Record<string, EtcFile> {
  const system = (id: string | undefined) => Number(id) > 0 && (Number(id) < 1000 || Number(id) === 65534)
  const accounts = rows(machinePasswd).filter(([name, , uid]) => system(uid) && name !== 'deploy')
  const groups = rows(machineGroup).filter(([name, , gid]) => system(gid) && name !== 'deploy')
  const spare = [27, 900, 901, 902, 903].find((gid) => !groups.some((group) => Number(group[2]) === gid))
  if (!groups.some(([name]) => name === 'sudo')) groups.push(['sudo', 'x', String(spare), ''])
  const passwd = [
    ['root', 'x', '0', '0', 'root', '/root', '/bin/bash'],
    ...accounts.map(([name, , uid, gid, gecos, home, shell]) => [name, 'x', uid, gid, gecos, home, shell]),
    ['deploy', 'x', String(deployId), String(deployId), 'Roll-outs', '/home/deploy', '/bin/bash'],
  ]
  const shadow = passwd.map(([name]) => [
    name,
    name === 'root' || name === 'deploy' ? notSetYet : '*',
    '20000',
    '0',
    '99999',
    '7',
    '',
    '',
    '',
  ])
  const group = [
    ['root', 'x', '0', ''],
    ...groups.map(([name, , gid]) => [name, 'x', gid, name === 'sudo' ? 'deploy' : '']),
    ['deploy', 'x', String(deployId), ''],
  ]
  const text = (table: readonly (readonly (string | undefined)[])[]) => table.map((row) => `${row.join(':')}\n`).join('')
  return {
    passwd: { text: text(passwd), mode: 0o644 },
    shadow: { text: text(shadow), mode: 0o600 },
    group: { text: text(group), mode: 0o644 },
    gshadow: { text: text(group.map(([name, , , members]) => [name, '*', '', members])), mode: 0o600 },
  }
}

const rows = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(':'))

const sshdConfig = (port: number) =>
  [
    '# written at every start',
    'Include /etc/ssh/sshd_config.d/*.conf',
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PidFile none',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'UsePAM yes',
    'UseDNS no',
    'AuthorizedKeysFile .ssh/authorized_keys',
    'AcceptEnv LANG LC_*',
    // rotations verify several accounts at once
    'MaxStartups 50:30:200',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n')

export const etcFiles = { fixed, users, sshdConfig }
