import { lazy, type ReactNode, Suspense } from 'react'
import { useDivergenceNoticed } from './noticed.ts'

const DivergedPage = lazy(() => import('./diverged-page.tsx').then((m) => ({ default: m.DivergedPage })))

/** While the ledger is not what was signed, every address says so, and afterwards leads to the sign-in. */
export const DivergedGate = ({ children }: { children: ReactNode }) =>
  useDivergenceNoticed() ? (
    <Suspense fallback={null}>
      <DivergedPage />
    </Suspense>
  ) : (
    children
  )
