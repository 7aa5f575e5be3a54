import '@mantine/core/styles.layer.css'
import './theme/tokens.css'
import './theme/base.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './data/query-client.ts'
import { DivergedGate } from './diverged/diverged-gate.tsx'
import { noticeDivergence } from './diverged/noticed.ts'
import { links } from './paths.ts'
import { createConsoleRouter } from './router.tsx'
import { noticeSeal } from './seal/noticed.ts'
import { SealGate } from './seal/seal-gate.tsx'
import { cssVariables, theme } from './theme/theme.ts'
import { noteMove } from './ui/page-heading.tsx'

const queries = createQueryClient({
  signedOut() {
    const { href, pathname } = router.state.location
    if (pathname === '/sign-in') return
    queries.clear()
    void router.navigate(links.signIn(href === '/' ? undefined : href))
  },
  sealed: noticeSeal,
  diverged: noticeDivergence,
})
const router = createConsoleRouter(queries)
router.subscribe('onBeforeNavigate', ({ fromLocation }) => {
  if (fromLocation) noteMove()
})

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'claviger-colours' })}
    >
      <QueryClientProvider client={queries}>
        <SealGate>
          <DivergedGate>
            <RouterProvider router={router} />
          </DivergedGate>
        </SealGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
