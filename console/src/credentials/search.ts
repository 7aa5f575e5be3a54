/** Which finding is listed; left out: weak ones. */
export interface CredentialsSearch {
  find?: 'reused' | 'old' | 'shared' | 'expiring' | undefined
}
