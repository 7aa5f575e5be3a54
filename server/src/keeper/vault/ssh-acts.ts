/** What the keeper records of its SSH authority by itself, with the fields that are shown and those that are personal. */
export const sshActs = {
  'ssh.certificate_issued': {
    shown: ['session', 'grant', 'account', 'principal', 'serial', 'key', 'authority', 'sources', 'validFrom', 'validUntil'],
    personal: [],
  },
  'ssh.authority_made': { shown: ['authority', 'key'], personal: [] },
  'ssh.authority_destroyed': { shown: ['versions'], personal: [] },
  'ssh.trial_certificate': { shown: ['target', 'principal', 'serial', 'key', 'authority', 'validUntil'], personal: [] },
} as const

/** The fields of one of them, all of them. */
export const sshSaid = <A extends keyof typeof sshActs>(
  act: A,
  fields: Readonly<Record<(typeof sshActs)[A]['shown'][number], string | number | string[]>>,
) => [act, fields] as const
