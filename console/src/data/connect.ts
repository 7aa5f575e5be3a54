import { session } from '@claviger/api'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'

/** Where native clients connect to. */
export const useGateways = () => useQuery({ queryKey: ['gateways'], queryFn: () => ask(session.gateways), staleTime: 300_000 })

/** A connection ticket for a grant of one's own. It is in the page for as long as the panel is seen, and nowhere else. */
export const useTicket = (grant: string) =>
  useMutation({ mutationFn: () => ask(session.issueTicket, { params: { id: grant } }), gcTime: 0 })
