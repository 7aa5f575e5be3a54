/** `/etc/claviger/claviger.env`: what an operator can set for the service, all commented out. What each means is in docs/operating.md. */
const settings: readonly (readonly [name: string, example: string, what: string])[] = [
  [
    'CLAVIGER_SEAL',
    'shamir',
    'The seal of a fresh installation. Nothing: it waits for claviger init. pkcs11: an HSM. dev opens by itself: for trying out only.',
  ],
  ['CLAVIGER_FIPS', 'yes', 'Approved algorithms alone; needs the FIPS provider of OpenSSL, see docs/security.md.'],
  ['OPENSSL_CONF', '/etc/claviger/openssl-fips.cnf', 'With CLAVIGER_FIPS: the configuration of OpenSSL that loads it.'],
  ['OPENSSL_MODULES', '/usr/lib/x86_64-linux-gnu/ossl-modules', 'The folder of fips.so.'],
  ['CLAVIGER_PKCS11_MODULE', '/usr/lib/softhsm/libsofthsm2.so', 'The PKCS#11 module of an HSM, in which a seal keeps its key.'],
  ['CLAVIGER_PKCS11_TOKEN', 'claviger', 'The name of the token in it.'],
  ['CLAVIGER_PKCS11_SERIAL', '0123456789abcdef', 'Its serial number, where several have that name.'],
  ['CLAVIGER_PKCS11_PIN_FILE', '/etc/claviger/hsm-pin', 'Its PIN, in a file that uid 64811 alone can read.'],
  ['CLAVIGER_PKCS11_ENV', 'SOFTHSM2_CONF', 'Variables that the module needs, by name.'],
  ['CLAVIGER_AWS_KMS_KEY', 'arn:aws:kms:eu-central-1:111122223333:key/…', 'A key of AWS KMS, under which a seal keeps the root key.'],
  ['CLAVIGER_AWS_KMS_ENDPOINT', 'https://vpce-….kms.eu-central-1.vpce.amazonaws.com', 'Where AWS KMS is asked, if not at its own address.'],
  ['CLAVIGER_TARGET_NETWORKS', '10.20.0.0/16,10.30.5.0/24', 'Networks in which targets may be. Without one no target is reached.'],
  ['CLAVIGER_TARGET_KINDS', '@acme/claviger-oracle', 'Packages with kinds of target of your own: trusted like the server itself.'],
  ['DATABASE_URL_FILE', '/etc/claviger/database-url', 'A PostgreSQL of your own: a file with its address and password, of root, 0600.'],
  [
    'CLAVIGER_DATABASE_SECRET_FILE',
    '/etc/claviger/database-secret',
    'What the passwords of our database roles are made of, of root, 0600.',
  ],
  ['CLAVIGER_NODE_NAME', 'pam-1', 'What people call this server, where several work on one database.'],
  ['CLAVIGER_ANCHOR_FILE', '/mnt/elsewhere/claviger/checkpoints', 'Where signed checkpoints go: another disk or machine.'],
  ['CLAVIGER_RECORDINGS', '/mnt/shared/claviger-recordings', 'Where recordings lie: a folder that all servers share.'],
  ['CLAVIGER_S3_BUCKET', 'claviger-recordings', 'A bucket of S3 or of a store like it: recordings are taken there when they are over.'],
  ['CLAVIGER_S3_KEYS_FILE', '/etc/claviger/s3-keys', 'Its key: id in the first line, secret in the second; of root, 0600.'],
  ['CLAVIGER_S3_ENDPOINT', 'https://s3.example.org', 'Where the store is. Nothing: AWS.'],
  ['CLAVIGER_S3_REGION', 'eu-central-1', 'Its region.'],
  ['CLAVIGER_S3_PREFIX', 'claviger/prod', 'What stands before the name of each object.'],
  ['CLAVIGER_S3_PATH_STYLE', 'yes', 'Whether the bucket is in the path and not in the host name.'],
  ['CLAVIGER_S3_CA', '/etc/claviger/s3-ca.pem', 'Certificates by which the endpoint is believed.'],
  ['CLAVIGER_S3_ENCRYPTION', 'aws:kms', 'What the store is asked to encrypt with, besides what is sealed.'],
  ['CLAVIGER_S3_LOCK', 'compliance:2555d', 'For how long the store lets nobody remove a recording.'],
  ['CLAVIGER_RECORDING_SPOOL', '10GiB', 'How much of recordings may wait here for the bucket; beyond it no session begins.'],
  ['CLAVIGER_RECORDING_SPOOL_ENDS', '0,1', 'Tiers whose running sessions end then.'],
  ['CLAVIGER_SESSION_IDLE', '15m', 'A session in which nothing passes for so long ends, whatever policy gives it.'],
  ['CLAVIGER_SESSION_LONGEST', '4h', 'No session lasts longer without having been renewed, whatever policy gives it.'],
  ['CLAVIGER_SESSIONS_PER_PERSON', '200', 'So many sessions one person has open at once, at all servers together.'],
  ['CLAVIGER_SESSIONS_PER_ACCOUNT', '300', 'The same with one account.'],
  ['CLAVIGER_SESSIONS_PER_TARGET', '500', 'The same on one target.'],
  ['CLAVIGER_WITHOUT_DATABASE', '60s,60s,15m,1h', 'How long a running session goes on without the database, by tier.'],
  ['CLAVIGER_PEERS', 'https://other.example.org', 'Other servers on the same database, with whose ledger this one is compared.'],
  ['CLAVIGER_PEERS_CA', '/etc/claviger/peers-ca.pem', 'Certificates by which the https addresses among them are believed.'],
  ['CLAVIGER_READ_CACHE', '1', 'Seconds for which sealed credentials that programs read are kept; 0: never.'],
  [
    'CLAVIGER_SSH_SOURCES',
    '192.0.2.7,10.4.0.0/24',
    'From where targets see the gateways: certificates for sessions are good from there alone.',
  ],
  ['CLAVIGER_GATEWAY_PROCESSES', '2', 'So many processes carry sessions; by default one for each core, 4 at most.'],
  ['CLAVIGER_TARGET_SILENCE', '60', 'Seconds after which a target of which nothing is heard is taken as gone.'],
  ['CLAVIGER_ROTATION_RETRY', '1m', 'How long after its first failure a rotation is tried again; the pause doubles with each.'],
  ['CLAVIGER_ROTATION_AGE', '90d', 'After which age credentials are replaced.'],
  ['CLAVIGER_ROTATION_AGE_SERVICE', '30d', 'The same of accounts that programs log in with.'],
  ['CLAVIGER_ROTATION_WINDOW', 'sat,sun 01:00-05:00', 'When rotations by age may begin, in UTC.'],
  ['CLAVIGER_VERIFY_EVERY', '1d', 'How often each credential is tried on its target.'],
  ['CLAVIGER_DISCOVER_EVERY', '7d', 'How often each target is looked at for privileged accounts.'],
  ['CLAVIGER_BACKUP_EVERY', '1d', 'How often this server backs itself up. Nothing: only when somebody asks.'],
  ['CLAVIGER_BACKUP_RECIPIENTS', 'age1…', 'To whom backups are encrypted: age public keys, separated by commas.'],
  ['CLAVIGER_BACKUP_FOLDER', '/mnt/elsewhere/claviger/backups', 'Where they lie: another disk or machine.'],
  ['CLAVIGER_BACKUP_KEEP', '7', 'How many lie there at most.'],
  ['CLAVIGER_BACKUP_RECORDINGS', 'yes', 'Whether scheduled backups hold the recordings.'],
  ['CLAVIGER_BACKUP_CHECK', 'yes', 'Whether each is restored into a throw-away database before it counts as good.'],
  ['CLAVIGER_KIT_FOLDER', '/mnt/elsewhere/claviger/kits', 'Where a new offline kit is laid down after each rotation of what it holds.'],
  ['CLAVIGER_KIT_ROADS', '/etc/claviger/roads.json', 'Where the opening of a kit is told.'],
  ['CLAVIGER_DRILL_DAYS', '90', 'How often somebody must rehearse break-glass, in days.'],
  ['CLAVIGER_HTTP_PORT', '8200', 'Console and API, on 127.0.0.1.'],
  ['CLAVIGER_PUBLIC_URL', 'https://pam.example.com', 'Where people open the console. Passkeys belong to this name.'],
  ['CLAVIGER_SSH_PORT', '2222', 'SSH gateway, on 127.0.0.1.'],
  [
    'CLAVIGER_SSH_SIGN_IN',
    'key+code,certificate',
    'What lets people in there, one of them: also password+code, key+password+code, key+link, password+link and link.',
  ],
  ['CLAVIGER_POSTGRES_PORT', '6432', 'PostgreSQL gateway, on 127.0.0.1.'],
  ['CLAVIGER_MYSQL_PORT', '3307', 'MySQL gateway, on 127.0.0.1.'],
  ['CLAVIGER_LOG_LEVEL', 'warn', 'trace, debug, info, warn, error. To the journal: journalctl -u claviger.'],
]

export const settingNames: readonly string[] = settings.map(([name]) => name)

export function settingsText(): string {
  const head = [
    '# Settings of the Claviger service, read at each start: systemctl restart claviger',
    '# docs/operating.md describes each. No password belongs here: name a file that only root reads.',
    '# After a change of CLAVIGER_ANCHOR_FILE or CLAVIGER_RECORDINGS run claviger install again: the service may write',
    '# nowhere but where its unit says. Where the data lies is chosen with claviger install --data, not here.',
  ]
  return `${[...head, ...settings.flatMap(([name, example, what]) => ['', `# ${what}`, `#${name}=${example}`])].join('\n')}\n`
}

/** What is set in such a file. systemd.exec(5), EnvironmentFile: lines of NAME=VALUE, # and ; begin comments, quotes may stand around a value. */
export function readSettingsText(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([A-Z0-9_]+)=(.*)$/.exec(line) ?? []
    if (name !== undefined) found[name] = value.trim().replace(/^(["'])(.*)\1$/, '$2')
  }
  return found
}
