import type { inventory } from '@claviger/api'
import { Checkbox, Group } from '@mantine/core'
import { scopeWords } from '../words/inventory.ts'

type Scope = inventory.Target['scopes'][number]
const all = Object.keys(scopeWords) as Scope[]

/** What a target holds, where that asks for more than its tier does. */
export function ScopesField({ scopes, onChange }: { scopes: readonly Scope[]; onChange: (scopes: Scope[]) => void }) {
  return (
    <Checkbox.Group
      label="Holds"
      description="Card data: card numbers and codes are left out of recordings. Health data: policy asks for more."
      value={[...scopes]}
      onChange={(chosen) => onChange(all.filter((scope) => chosen.includes(scope)))}
    >
      <Group gap="lg" mt={6}>
        {all.map((scope) => (
          <Checkbox key={scope} value={scope} label={scopeWords[scope]} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}
