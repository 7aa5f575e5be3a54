// What other folders may use of dependents. Everything else in here is private.
export { dependentRoutes } from './dependents.routes.ts'
export type { DependentDeps } from './deps.ts'
export { putAllNews } from './news.store.ts'
export { runNews } from './run-news.ts'
