import { refuse } from '../../refuse.ts'

export const closed = () => refuse('seal.closed', 'The seal is closed already.')
export const noneUnderWay = () =>
  refuse(
    'ceremony.none',
    'No key ceremony is under way, or it ended after half an hour. Begin it: claviger rekey, or claviger rotate-keys.',
  )
