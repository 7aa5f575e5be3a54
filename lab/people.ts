import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeKeyPair } from './web01/initial-credentials.ts'

export interface LabPerson {
  name: string
  displayName: string
  /** In the house's words, for people who look at the list. */
  what: string
  groups: readonly ('engineers' | 'approvers' | 'security' | 'auditors' | 'administrators')[]
}

/** The first one is the first administrator, who gets administrators, approvers and security. */
export const labPeople: readonly LabPerson[] = [
  {
    name: 'carol',
    displayName: 'Carol Ng',
    what: 'security officer, first administrator',
    groups: ['administrators', 'approvers', 'security'],
  },
  { name: 'alice', displayName: 'Alice Moreau', what: 'engineer', groups: ['engineers'] },
  { name: 'bob', displayName: 'Bob Lindqvist', what: 'approver', groups: ['approvers'] },
  { name: 'dave', displayName: 'Dave Okafor', what: 'auditor', groups: ['auditors'] },
]

export interface StoredPerson {
  password: string
  /** Base32; known once the person is enrolled. */
  totpSecret?: string
  sshKeyFile: string
  /** Done with the first code. A start that was cut off goes on from here. */
  enrolled?: boolean
}

/** What the sample people know and have: made at the first start, in one file for its owner alone. Only a lab writes down second factors. */
export interface PeopleFile {
  read(): Record<string, StoredPerson>
  write(people: Record<string, StoredPerson>): void
}

export function openPeople(folder: string): PeopleFile {
  const file = join(folder, 'people.json')
  const write: PeopleFile['write'] = (people) => {
    writeFileSync(`${file}.new`, `${JSON.stringify({ people }, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  if (!existsSync(file)) {
    mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 })
    const people: Record<string, StoredPerson> = {}
    for (const { name } of labPeople) {
      const sshKeyFile = join(folder, 'keys', name)
      writeKeyPair(sshKeyFile, `${name}@lab`)
      people[name] = { password: randomBytes(12).toString('base64url'), sshKeyFile }
    }
    write(people)
  }
  return { read: () => (JSON.parse(readFileSync(file, 'utf8')) as { people: Record<string, StoredPerson> }).people, write }
}
