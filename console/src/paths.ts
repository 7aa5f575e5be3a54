import { linkOptions } from '@tanstack/react-router'

/** Every link has one home. */
export const links = {
  home: () => linkOptions({ to: '/' }),
  signIn: (to?: string) => linkOptions({ to: '/sign-in', search: to ? { to } : {} }),
  approvals: (show?: 'decided') => linkOptions({ to: '/approvals', search: show ? { show } : {} }),
  approval: (id: string, show?: 'decided') => linkOptions({ to: '/approvals/$id', params: { id }, search: show ? { show } : {} }),
  requests: () => linkOptions({ to: '/requests' }),
  newRequest: (account?: string) => linkOptions({ to: '/requests/new', search: account ? { account } : {} }),
  request: (id: string) => linkOptions({ to: '/requests/$id', params: { id } }),
  sessions: (state?: 'running' | 'ended') => linkOptions({ to: '/sessions', search: state ? { state } : {} }),
  session: (id: string) => linkOptions({ to: '/sessions/$id', params: { id } }),
}

/** Where sign-in may lead back to: a path of this console and nothing else, or someone else's link could send people elsewhere. */
export function safeDestination(to: string | undefined): string {
  if (!to || !/^\/(?![/\\])[^\\\s]{0,500}$/.test(to)) return '/'
  return /^\/(sign-in|setup|enrol)\b/.test(to) ? '/' : to
}

/** The one-time token of a link, from `#token=` or `?token=`. */
export function tokenFrom(search: string, hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? new URLSearchParams(search).get('token')
  return token && token.length <= 128 ? token : undefined
}
