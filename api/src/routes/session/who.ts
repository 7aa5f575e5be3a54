export const tag = 'sessions'
/** Who sees what others did in their sessions. */
export const viewers = ['security', 'auditors'] as const
