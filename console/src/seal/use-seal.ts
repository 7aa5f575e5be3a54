import { type AnswerOf, seal } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import type { Custodian } from './custodians.ts'

export type SealStatus = AnswerOf<typeof seal.sealStatus>

/** New shares. `to`: they are files, encrypted to these, in their order. */
export type Made = AnswerOf<typeof seal.sealInit> & { to?: readonly Custodian[] | undefined }

/** `every`: milliseconds between two looks. Custodians give shares at other screens, so that what is seen here changes by itself. */
export const useSealStatus = (every: number) =>
  useQuery({ queryKey: ['seal'], queryFn: () => ask(seal.sealStatus), refetchInterval: every, staleTime: 0, gcTime: 0 })

// Not by a mutation of TanStack Query, which keeps what was sent and what was answered for minutes: here it is a share, or all of them.
export const giveShare = (share: string) => ask(seal.sealUnseal, { body: { share } })
export async function makeSeal(
  { custodians, ...counts }: { shares: number; threshold: number; custodians: Custodian[] | undefined },
  setupToken: string,
): Promise<Made> {
  const made = await ask(seal.sealInit, { body: { ...counts, ...(custodians && { custodians }) } }, setupToken)
  return { ...made, to: custodians }
}

export const closeSeal = (code: string) => ask(seal.sealClose, { body: { code } })

/** One share for a ceremony: of those that count, or a new one that is typed back. */
export const giveToCeremony = (share: string) => ask(seal.ceremonyShare, { body: { share } })
