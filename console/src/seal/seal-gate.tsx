import { lazy, type ReactNode, Suspense } from 'react'
import { useNoticed } from './noticed.ts'

const SealPage = lazy(() => import('./seal-page.tsx').then((m) => ({ default: m.SealPage })))

/** While the server is sealed or has no seal yet, every address shows that, and afterwards again what it showed before. */
export const SealGate = ({ children }: { children: ReactNode }) =>
  useNoticed() ? (
    <Suspense fallback={null}>
      <SealPage />
    </Suspense>
  ) : (
    children
  )
