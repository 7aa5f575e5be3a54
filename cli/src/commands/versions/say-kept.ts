import type { versions as api } from '@claviger/api'

export const sayKept = ({ state, keep, days }: api.VersionPolicy): string =>
  state === 'off'
    ? 'Every version that was replaced is kept, for ever.'
    : `Of each credential the newest ${keep} that were replaced are kept, and all for at least ${days} days; the others are destroyed.`
