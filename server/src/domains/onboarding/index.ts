// What other folders may use of onboarding. Everything else in here is private.

export { onboardingRoutes } from './onboarding.routes.ts'
export { keepWatching } from './watch-logins.ts'
