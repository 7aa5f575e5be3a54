/** The steps of a rotation that is not disturbed, in their order, as inside/ tells them. Those of the keeper lie within those of the api. */
export const steps = [
  'begun',
  'escrowed',
  'stored',
  'prepared',
  'noting sent',
  'changing',
  'changed',
  'noted changed',
  'trying a login',
  'tried a login',
  'noted verified',
  'promoting',
  'making current',
  'made current',
  'promoted',
  'noting done',
  'finished',
] as const
export type Step = (typeof steps)[number]

/** The steps at which something is about to go to the target: where a cut of the network meets it. */
export const onTheWay = ['changing', 'trying a login'] as const
