import { lazy, type ReactNode, Suspense } from 'react'
import { useHandingOut } from './handing-out.ts'
import { useNoticed } from './noticed.ts'

const SealPage = lazy(() => import('./seal-page.tsx').then((m) => ({ default: m.SealPage })))

const NewShares = lazy(() => import('./new-shares.tsx').then((m) => ({ default: m.NewShares })))

/**
 * While the server is sealed or has no seal yet, every address shows that, and afterwards again what it showed before. New shares that are handed
 * out have the screen for themselves.
 */
export function SealGate({ children }: { children: ReactNode }) {
  const sealed = useNoticed()
  const made = useHandingOut()
  if (!sealed && !made) return children
  return <Suspense fallback={null}>{sealed || !made ? <SealPage /> : <NewShares made={made} />}</Suspense>
}
