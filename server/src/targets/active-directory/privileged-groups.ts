/*
 * Groups of a domain whose members rule it, or can make themselves rulers of it. By their numbers, which are the same in every domain and
 * every language ([MS-DTYP] 2.4.2.4); DnsAdmins alone has none and goes by its name.
 */

/** Numbered within the domain. */
const inDomain = {
  512: 'Domain Admins',
  518: 'Schema Admins',
  519: 'Enterprise Admins',
  520: 'Group Policy Creator Owners',
  526: 'Key Admins',
  527: 'Enterprise Key Admins',
}

/** The same for every domain: S-1-5-32-… */
const builtin = {
  544: 'Administrators',
  548: 'Account Operators',
  549: 'Server Operators',
  550: 'Print Operators',
  551: 'Backup Operators',
}

export const privilegedSids = (domainSid: string): string[] => [
  ...Object.keys(inDomain).map((rid) => `${domainSid}-${rid}`),
  ...Object.keys(builtin).map((rid) => `S-1-5-32-${rid}`),
]

export const privilegedNames = ['DnsAdmins']
