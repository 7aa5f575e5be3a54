import { test } from 'vitest'
import { startClaviger } from '../support/claviger.ts'
import { showsAllSteps } from './whole-tour.ts'

/* The tour as a newcomer runs it: eight steps, each as promised. */

test('the tour shows all eight steps', async () => {
  const claviger = await startClaviger({ lab: true })
  try {
    await showsAllSteps(claviger)
  } finally {
    await claviger.stop()
  }
}, 900_000)
