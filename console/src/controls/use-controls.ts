import { controls } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from '../data/keep-asking.ts'

/** The controls that watch themselves; asked again every ten seconds, since a silence is news. */
export const useControls = (enabled = true) =>
  useQuery({ queryKey: ['controls'], queryFn: () => ask(controls.controls), refetchInterval: keepAsking(10_000), enabled })

/** The servers on this database, as they say it themselves every five seconds. */
export const useNodes = () => useQuery({ queryKey: ['nodes'], queryFn: () => ask(controls.nodes), refetchInterval: keepAsking(10_000) })
