/** What the keeper records of an activation by itself, with the fields that are shown and those that are personal. */
export const activationActs = {
  'breakglass.share_given': { shown: ['activation', 'custodian', 'given', 'threshold'], personal: [] },
  'breakglass.share_refused': { shown: ['activation', 'code'], personal: [] },
  'alarm.breakglass_activated': {
    shown: ['activation', 'kind', 'again', 'accounts', 'custodians', 'requester', 'approver', 'seconds', 'key', 'tells'],
    personal: [],
  },
} as const

/** The fields of one of them, all of them. */
export const saidOf = <A extends keyof typeof activationActs>(
  act: A,
  fields: Readonly<Record<(typeof activationActs)[A]['shown'][number], string | number | boolean | string[]>>,
) => [act, fields] as const
