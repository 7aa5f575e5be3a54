import { Checkbox, Stack } from '@mantine/core'
import type { Location } from './use-ceremony.ts'
import { locations, locationWords } from './words.ts'

/** Which location keys get a new version. */
export const ChooseLocations = ({ chosen, onChoose }: { chosen: Location[]; onChoose: (chosen: Location[]) => void }) => (
  <Checkbox.Group label="Locations" value={chosen} onChange={(names) => onChoose(locations.filter((l) => names.includes(l)))}>
    <Stack gap="xs" mt="xs">
      {locations.map((location) => (
        <Checkbox key={location} value={location} label={location} description={locationWords[location]} />
      ))}
    </Stack>
  </Checkbox.Group>
)
