import { controls } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'

/** The controls that watch themselves; asked again every ten seconds, since a silence is news. */
export const useControls = (enabled = true) =>
  useQuery({ queryKey: ['controls'], queryFn: () => ask(controls.controls), refetchInterval: 10_000, enabled })
