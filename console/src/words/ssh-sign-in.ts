import type { session } from '@claviger/api'

const words: Record<session.SshSignIn, string> = {
  'key+code': 'with a key of your profile and a code',
  certificate: 'with the certificate of claviger login',
  'password+code': 'with your password and a code',
  'key+password+code': 'with a key of your profile, your password and a code',
  'key+link': 'with a key of your profile and a link that you confirm here',
  'password+link': 'with your password and a link that you confirm here',
  link: 'with a link that you confirm here',
}

/** What a client of one's own is asked for at the SSH gateway, in one sentence. */
export const howToComeIn = (accepted: readonly session.SshSignIn[]): string =>
  `You come in ${accepted.map((one) => words[one]).join(', or ')}.`
